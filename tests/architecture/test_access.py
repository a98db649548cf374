"""Every address × every role × own and another centre, from one table.

A new address without a row fails; so does a row whose answer changed.
"""

import pytest
from django.db import transaction
from django.test import override_settings

from tests.architecture.access import OUTSIDE, SHARED, TABLE
from tests.architecture.matrix import ROLES, Visitors, names, rows
from tests.architecture.world import make_world
from tests.factories import make_cast

ROWS = rows(TABLE)
OUTSIDE_ROWS = rows(OUTSIDE)
STRANGERS = ("learner", "assessor", "iqa", "admin")


@pytest.fixture(scope="module")
def _store(tmp_path_factory):
    return tmp_path_factory.mktemp("blobs")


@pytest.fixture(autouse=True)
def _own_store(_store, settings):
    """The world's files stay for the whole module, as its rows do."""
    settings.BLOB_DIR = _store


@pytest.fixture(scope="module")
def _room(_store, django_db_setup, django_db_blocker):
    """One world for the whole module, since making it is the slow part; undone at the end."""
    store = override_settings(BLOB_DIR=_store)
    with store, django_db_blocker.unblock(), transaction.atomic():
        here = make_world(make_cast())
        there = make_cast("Southbank Training")
        yield here, there, Visitors([*here.cast.people().values(), *there.people().values()])
        transaction.set_rollback(True)


@pytest.fixture
def here(_room, db):
    return _room[0]


@pytest.fixture
def there(_room, db):
    return _room[1]


@pytest.fixture
def visitors(_room):
    return _room[2]


def test_every_address_is_in_the_table():
    listed = {row.name for row in ROWS} | {row.name for row in OUTSIDE_ROWS}
    assert names() == listed


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_in_ones_own_centre(row, here, visitors):
    found = {
        role: visitors.ask(here, row, getattr(here.cast, role), centre=here.cast.centre.slug)
        for role in ROLES
    }
    assert found == dict(zip(ROLES, row.answers, strict=True))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_stranger_finds_no_such_centre(row, here, there, visitors):
    found = {
        role: visitors.ask(here, row, getattr(there, role), centre=here.cast.centre.slug)
        for role in STRANGERS
    }
    assert found == dict.fromkeys(STRANGERS, 404)


@pytest.mark.parametrize("row", [row for row in ROWS if set(row.things.values()) - SHARED], ids=str)
def test_through_ones_own_centre_nothing_of_another_is_there(row, here, there, visitors):
    for role in STRANGERS:
        found = visitors.ask(here, row, getattr(there, role), centre=there.centre.slug)
        # Forbidden where the role may not do such a thing to anything; never there to be seen.
        assert found in {403, 404}, role


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_nobody_signed_in_is_asked_to_sign_in(row, here, visitors):
    assert visitors.ask(here, row, None, centre=here.cast.centre.slug) == 302


@pytest.mark.parametrize("row", OUTSIDE_ROWS, ids=str)
def test_outside_any_centre(row, here, visitors):
    found = [
        visitors.ask(here, row, None, centre=None),
        visitors.ask(here, row, here.cast.learner, centre=None),
    ]
    assert found == list(row.answers)
