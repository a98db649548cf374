"""Who may do what: every verb, every person, own and another centre."""

import pytest

from standards import permissions
from standards.models import Draft
from tests.factories import make_guide
from tests.standards.test_actions import make_own_guide


@pytest.fixture
def things(cast):
    draft = Draft.objects.create(
        centre=cast.centre, source_text="…", parsed={"title": "x"}, created_by=cast.admin
    )
    return {
        "can_draft": cast.centre,
        "can_correct": draft,
        "can_publish": draft,
        "can_discard": draft,
        "can_serve": make_own_guide(cast),
    }


def allowed(verb, thing, people):
    return {name for name, who in people.items() if getattr(permissions, verb)(who, thing)}


VERBS = ["can_draft", "can_correct", "can_publish", "can_discard", "can_serve"]


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_centres_own_admin(cast, outsiders, things, verb):
    assert allowed(verb, things[verb], cast.people()) == {"admin"}
    assert allowed(verb, things[verb], outsiders.people()) == set()


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_who_has_left(cast, things, verb):
    cast.admin.is_active = False
    assert allowed(verb, things[verb], cast.people()) == set()


def test_nobody_changes_what_all_centres_share(cast):
    assert allowed("can_serve", make_guide(), cast.people()) == set()


def test_every_verb_is_in_the_table():
    assert sorted(VERBS) == sorted(name for name in dir(permissions) if name.startswith("can_"))
