import pytest
from django.core.management import CommandError, call_command

from ledger.models import Stream


def test_a_whole_ledger_is_said_to_hold(chain, capsys):
    call_command("verify_ledger")
    assert "The ledger holds: 3 entries in 1 streams." in capsys.readouterr().out


def test_the_first_bad_entry_is_named(chain, unguarded):
    unguarded("UPDATE ledger_entry SET verb = 'accepted' WHERE sequence = 2")
    with pytest.raises(CommandError, match="portfolio:1 entry 2"):
        call_command("verify_ledger")


def test_a_head_that_was_moved_back_is_found(chain):
    Stream.objects.update(length=2, head=chain[1].hash)
    with pytest.raises(CommandError, match="portfolio:1 entry 3"):
        call_command("verify_ledger")
