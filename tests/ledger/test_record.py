import pytest
from django.db import DatabaseError, connection, transaction

from ledger.chain import canonical
from ledger.models import Entry, Sealed, Stream
from ledger.record import first_fault, record
from tests.factories import make_centre

STREAM = "portfolio:1"


def fault():
    return first_fault(Stream.objects.get(name=STREAM))


def test_each_entry_follows_the_one_before(chain):
    first, second, third = chain
    assert [e.sequence for e in chain] == [1, 2, 3]
    assert first.previous_hash == ""
    assert second.previous_hash == first.hash
    assert third.previous_hash == second.hash
    assert Stream.objects.get(name=STREAM).head == third.hash
    assert fault() is None


def test_streams_do_not_mix(chain):
    with transaction.atomic():
        other = record(
            stream="portfolio:2", verb="judged", subject=make_centre(), by=None, facts={}
        )
    assert other.sequence == 1
    assert other.previous_hash == ""


def test_an_entry_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        record(stream=STREAM, verb="judged", subject=make_centre(), by=None, facts={})
    assert not Entry.objects.exists()


def test_personal_words_are_kept_out_of_the_hashed_text(chain):
    entry = chain[1]
    assert b"Clear" not in canonical(entry.hashed())
    assert entry.facts["reason"] == Sealed.objects.get(entry=entry).digest()


def test_erasing_personal_words_leaves_the_chain_whole(chain):
    Sealed.objects.filter(entry=chain[1]).delete()
    assert fault() is None


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_sealed"])
def test_the_database_refuses_to_change(chain, table):
    column = "text" if table == "ledger_sealed" else "verb"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'other'")


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_stream"])
def test_the_database_refuses_to_delete(chain, table):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("sql", "sequence"),
    [
        ("UPDATE ledger_entry SET verb = 'accepted' WHERE sequence = 2", 2),
        ('UPDATE ledger_entry SET facts = \'{"outcome": "not_yet"}\' WHERE sequence = 1', 1),
        ("UPDATE ledger_entry SET sequence = 9 WHERE sequence = 3", 3),
        ("DELETE FROM ledger_entry WHERE sequence = 3", 3),
        ("UPDATE ledger_sealed SET text = 'Weak.'", 2),
    ],
)
def test_whatever_is_altered_is_found(chain, unguarded, sql, sequence):
    unguarded(sql)
    assert fault().sequence == sequence


def test_a_forged_entry_with_a_fresh_hash_breaks_the_next(chain, unguarded):
    forged = chain[1]
    forged.verb = "accepted"
    unguarded(
        "UPDATE ledger_entry SET verb = %s, hash = %s WHERE sequence = 2",
        forged.verb,
        forged.expected_hash(),
    )
    assert fault().sequence == 3


def test_the_database_rejects_a_second_entry_at_one_place(chain):
    twin = Entry.objects.get(sequence=3)
    twin.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        twin.save(force_insert=True)
