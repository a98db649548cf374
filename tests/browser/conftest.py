"""A whole Signpost for the browser: gunicorn, a Celery worker, a broker, the test database."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect

from demo.ready import answers
from scripts.services import redis, running
from scripts.system import ROOT

# Playwright's event loop runs in the test's thread, where Django would refuse to ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Two cores run a browser, a site, a worker and a broker: what is awaited may take its time.
expect.set_options(timeout=20_000)

# The machine's network is none of a test's business.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    chromium = os.environ["SIGNPOST_CHROMIUM"]
    return {**browser_type_launch_args, "executable_path": chromium, "args": [*QUIET, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A service worker would answer in a test's place; the tests of capturing let it."""
    return {**browser_context_args, "service_workers": "block"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Other processes can't see a database that lies in this one's memory."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")


@pytest.fixture(autouse=True)
def _own_store() -> None:
    """The test and the servers share one store, so that each sees what the other kept."""


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a Signpost that runs as in production, on the tests' database."""
    with ExitStack() as stack:
        environment = {**os.environ, "REDIS_URL": stack.enter_context(redis())}
        with django_db_blocker.unblock():
            environment["DATABASE_URL"] = url_of_test_database()
        port = free_port()
        address = environment["SIGNPOST_ORIGIN"] = f"http://127.0.0.1:{port}"
        worker = ["celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "INFO"]
        web = ["gunicorn", "config.wsgi", "--threads", "4", "--no-control-socket"]
        stack.enter_context(process("worker", worker, environment))
        bound = [*web, "--bind", f"127.0.0.1:{port}"]
        stack.enter_context(process("web", bound, environment, lambda: answers(port)))
        yield address


@contextmanager
def process(
    name: str,
    command: list[str],
    environment: dict[str, str],
    ready: Callable[[], bool] = lambda: True,
) -> Iterator[None]:
    with (Path(settings.DATA_DIR) / f"{name}.log").open("wb") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    with running(started, ready, name):
        yield


def url_of_test_database() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="session")
def base_url(site: str) -> str:
    """`page.goto("/…")` means the site."""
    return site


@pytest.fixture(autouse=True)
def _rows_that_the_site_sees(transactional_db: None, site: str) -> None:
    """What a test makes is committed at once and gone when it ends."""


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """Of the browser: errors in scripts, what the policy blocked, answers that refuse."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
    return heard


@pytest.fixture
def trouble(complaints: list[str]) -> Iterator[list[str]]:
    yield complaints
    assert complaints == []
