"""The databases that tests run on are real, and leave nothing behind."""

import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
import redis as client

from scripts import services
from scripts.system import Problem


@pytest.fixture
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.mark.usefixtures("_nothing_given")
def test_a_postgresql_comes_and_goes():
    with services.postgres() as url:
        with psycopg2.connect(url) as line, line.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            assert cursor.fetchone() == ("UTF8",)
        line.close()
        folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert folder.is_dir()
    assert not services.accepts(url)
    assert not folder.exists()


@pytest.mark.usefixtures("_nothing_given")
def test_a_redis_comes_and_goes():
    with services.redis() as url:
        place = Path(urlsplit(url).path)
        assert client.Redis(unix_socket_path=str(place)).set("key", "value")
    assert not place.parent.exists()


@pytest.mark.parametrize("url", ["postgres://x@db/y", "postgresql://x@db/y"])
def test_what_the_environment_names_is_used(monkeypatch: pytest.MonkeyPatch, url: str):
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", "redis://queue/1")
    with services.postgres() as database, services.redis() as queue:
        assert (database, queue) == (url, "redis://queue/1")


@pytest.mark.usefixtures("_nothing_given")
def test_when_none_starts_each_try_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(services, "prepare", lambda bin, identity, own: "no luck")
    with pytest.raises(Problem, match="no luck"), services.postgres():
        pass


def test_the_packages_programs_run_from_a_copy_as_another_user():
    """What this machine may not need must work on the one that does."""
    package, identity = services.postgres_folders()[-1], services.identities()[-1]
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder)
        own.chmod(0o755)
        assert services.prepare(package, identity, own) == ""
        with services.serving(package, identity, own) as url:
            assert services.accepts(url)
