"""Pages made only to try the shared look: rendered by Django, handed to Chromium without a server.

Each page comes with a policy stricter than production's: nothing inline, nothing from elsewhere.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path
from playwright.sync_api import Page, Route

from accounts.models import Role
from accounts.states import STATES

ORIGIN = "http://signpost.test"
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; style-src 'self'; img-src 'self'"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def empty_view(request: Any, **_kwargs: Any) -> None:
    raise AssertionError("the menu only names pages")


def room(name: str, *, app: str) -> Any:
    return include(([path(f"{app}/{name}/", empty_view, name=name)], app))


urlpatterns = [
    path("", empty_view, name="home"),
    path("out/", empty_view, name="account_logout"),
    path("c/<slug:centre>/", room("home", app="portfolio")),
    path("c/<slug:centre>/", room("queue", app="assessments")),
    path("c/<slug:centre>/", room("people", app="accounts")),
    path("c/<slug:centre>/", room("list", app="standards")),
    path("c/<slug:centre>/", room("list", app="reports")),
    path("c/<slug:centre>/notices/", include("accounts.notice_urls")),
]


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class EvidenceForm(forms.Form):
    """One of each kind of field."""

    title = forms.CharField(label="Title", help_text="A few words.")
    method = forms.ChoiceField(label="Method", choices=[("", "Choose"), ("o", "Observation")])
    date = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    account = forms.CharField(
        label="What did you do?",
        help_text="Step by step.",
        widget=forms.Textarea(attrs={"data-account-editor": True}),
    )
    files = forms.FileField(
        label="Files",
        help_text="Up to 512 MB each.",
        required=False,
        widget=SeveralFiles(
            attrs={
                "multiple": True,
                "data-upload-url": "/upload/",
                "data-upload-field": "uploads",
                "data-upload-max": "5000000",
            }
        ),
    )
    company = forms.ChoiceField(
        label="Who was there?",
        choices=[("a", "Only me"), ("b", "A witness")],
        widget=forms.RadioSelect,
    )
    own = forms.BooleanField(label="This is my own work.")


def marks() -> list[tuple[str, str, str]]:
    some = ["met", "claimed", "not_yet", "to_do", "submitted"]
    codes = [f"P{n}" for n in range(1, 15)] + [f"K{n}" for n in range(1, 14)]
    return [(code, some[at % 5], f"#{code}") for at, code in enumerate(codes)]


class Stage:
    """Answers the browser: pages by name, static files, and what a test says an address gives."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[Route], None]] = {}
        self.posted: list[tuple[str, bytes]] = []

    def page(self, name: str, **context: Any) -> None:
        self.answers[f"/{name}/"] = lambda route: self.show(route, name, context)

    def show(self, route: Route, name: str, context: dict[str, Any]) -> None:
        request = RequestFactory().get(f"/{name}/")
        request.user = SimpleNamespace(is_authenticated=True, roles_by_centre={1: 1, 2: 2})
        request.centre = SimpleNamespace(name="Northgate Training", slug="north")
        request.roles = frozenset(Role)
        html = render_to_string(f"{name}.html", context, request)
        route.fulfill(
            body=html,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": POLICY},
        )

    def json(self, address: str, status: int, answer: dict[str, Any]) -> None:
        self.answers[address] = lambda route: route.fulfill(status=status, json=answer)

    def __call__(self, route: Route) -> None:
        request = route.request
        address = re.sub(r"[?#].*", "", request.url.removeprefix(ORIGIN))
        if request.method == "POST":
            self.posted.append((address, request.post_data_buffer or b""))
        if address.startswith("/static/"):
            self.static(route, address.removeprefix("/static/"))
        elif address in self.answers:
            self.answers[address](route)
        else:
            route.fulfill(status=404, body="no such page")

    def static(self, route: Route, name: str) -> None:
        found = finders.find(name)
        if found is None:
            route.fulfill(status=404, body="no such file")
            return
        kind = TYPES.get(Path(name).suffix, "application/octet-stream")
        route.fulfill(body=Path(found).read_bytes(), content_type=kind)

    def sent(self, address: str) -> list[bytes]:
        return [body for to, body in self.posted if to == address]


@pytest.fixture
def stage(settings: Any) -> Stage:
    settings.ROOT_URLCONF = __name__
    here = Path(__file__).parent / "pages"
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**templates, "DIRS": [*templates["DIRS"], here]}]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    made = Stage()
    made.page("form", form=EvidenceForm())
    made.page("refused", form=EvidenceForm({"title": ""}))
    made.page("calm", marks=marks())
    made.page(
        "dense", marks=marks(), states=list(STATES), page_obj=Paginator(range(90), 25).page(2)
    )
    return made


@pytest.fixture
def complaints() -> list[str]:
    """Whatever the browser's console complained of: a blocked script, a missing file, an error."""
    return []


@pytest.fixture
def look(page: Page, stage: Stage, complaints: list[str]) -> Iterator[Page]:
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", stage)
    yield page
    assert complaints == []


@pytest.fixture
def no_script(browser: Any, stage: Stage) -> Iterator[Page]:
    context = browser.new_context(base_url=ORIGIN, java_script_enabled=False)
    page = context.new_page()
    page.route("**/*", stage)
    yield page
    context.close()


@pytest.fixture(scope="session")
def base_url() -> str:
    """No site is started for these pages."""
    return ORIGIN


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Made once a session, so it may come with the site's address when other tests ran before."""
    return {**browser_context_args, "base_url": ORIGIN}


@pytest.fixture(autouse=True)
def _rows_that_the_site_sees() -> None:
    """Nor is there a database."""
