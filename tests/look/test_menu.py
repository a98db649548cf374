"""The main menu shows each role its pages, and where one is."""

from types import SimpleNamespace

import pytest
from django.urls import include, path

from accounts import navigation
from accounts.models import Role


def page(request):
    raise AssertionError("the menu only names pages")


def room(*names: str, app: str):
    return include(([path(f"{name}/", page, name=name) for name in names], app))


urlpatterns = [
    path("c/<slug:centre>/", include(([path("", page, name="home")], "portfolio"))),
    path("c/<slug:centre>/queue/", include(([path("", page, name="queue")], "assessments"))),
    path("c/<slug:centre>/", room("people", app="accounts")),
    path("c/<slug:centre>/standards/", include(([path("", page, name="list")], "standards"))),
]


@pytest.fixture(autouse=True)
def _few_pages(settings):
    settings.ROOT_URLCONF = __name__


def menu(rf, *roles: str, at: str = "/c/north/"):
    request = rf.get(at)
    request.centre = SimpleNamespace(slug="north")
    request.roles = frozenset(roles)
    return navigation.menu_for(request)


def names(items) -> list[str]:
    return [str(item.label) for item in items]


def test_each_role_sees_its_own_pages_and_only_those_that_exist(rf):
    assert names(menu(rf, Role.LEARNER)) == ["My units", "Standards"]
    assert names(menu(rf, Role.ASSESSOR)) == ["Queue", "Standards"]
    assert names(menu(rf, Role.TRAINEE_ASSESSOR)) == ["Queue", "Standards"]
    assert names(menu(rf, Role.ADMIN)) == ["People", "Standards"]
    assert names(menu(rf, Role.LEARNER, Role.ADMIN)) == ["My units", "People", "Standards"]


def test_the_table_knows_no_role_that_does_not_exist():
    named = frozenset().union(*(entry.roles for entry in navigation.MENU))
    assert named == {str(role) for role in Role}


def test_nobody_without_a_role_gets_a_menu(rf):
    assert menu(rf) == []


def test_outside_a_centre_there_is_no_menu(rf):
    assert navigation.menu_for(rf.get("/")) == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("/c/north/queue/", {"Queue": "page"}),
        ("/c/north/queue/7/", {"Queue": "true"}),
        ("/c/north/", {"My units": "page"}),
        ("/c/north/evidence/3/", {"My units": "true"}),
    ],
)
def test_only_the_closest_entry_is_current(rf, at, expected):
    items = menu(rf, Role.LEARNER, Role.ASSESSOR, at=at)
    assert {str(item.label): item.current for item in items if item.current} == expected


def test_a_page_beside_an_entry_may_belong_to_it(rf, monkeypatch):
    mine = navigation.Entry(
        "Mine", "standards:list", "evidence", frozenset({"learner"}), ("../files/",)
    )
    monkeypatch.setattr(navigation, "MENU", (navigation.MENU[0], mine))
    current = {
        str(item.label): item.current for item in menu(rf, "learner", at="/c/north/files/3/")
    }
    assert current == {"My units": "", "Mine": "true"}
