"""Who asks too often is counted by all processes together, and by each where Redis is away."""

import json
import logging
import socket
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import redis as redis_client
from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import often
from accounts.often import asked_too_often
from accounts.shared_cache import AsJson, SharedCache
from config.settings import cache_at
from reports.proof import throttle
from scripts.services import redis

ASK = reverse("proof:ask")
SIGN_IN = reverse("account_login")
NOWHERE = "redis+socket:///nowhere/redis.sock"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with redis() as url:
        yield url


@pytest.fixture
def prefix() -> str:
    """Others may be using the same Redis."""
    return f"test-{uuid.uuid4().hex}"


@pytest.fixture(autouse=True)
def _as_if_started_now(monkeypatch: pytest.MonkeyPatch, prefix: str) -> Iterator[None]:
    monkeypatch.setattr(SharedCache, "away_until", 0.0)
    yield
    LocMemCache("while-redis-is-away", {}).clear()


def use(settings: Any, url: str, prefix: str) -> None:
    settings.CACHES = {"default": {**cache_at(url), "KEY_PREFIX": prefix}}


def raw(url: str) -> redis_client.Redis:
    return redis_client.Redis.from_url(url.replace("redis+socket", "unix"))


def question(address: str = "192.0.2.1") -> Any:
    return RequestFactory().get("/", REMOTE_ADDR=address)


def too_often(address: str = "192.0.2.1", what: str = "things") -> bool:
    return asked_too_often(question(address), what, most=2, seconds=60)


# With a Redis


def test_another_process_knows_of_every_question(server, prefix, settings):
    use(settings, server, prefix)
    assert not too_often()
    (key,) = raw(server).keys(f"{prefix}:*")
    assert key.decode().endswith("things:192.0.2.1")
    assert 0 < raw(server).ttl(key) <= 60
    raw(server).incr(key)  # as another process does
    assert too_often()
    assert not too_often("192.0.2.2")
    assert not too_often(what="others")


@pytest.mark.django_db
def test_the_public_page_counts_there(server, prefix, settings, monkeypatch):
    use(settings, server, prefix)
    monkeypatch.setattr(throttle, "QUESTIONS", 3)
    visitor = Client()
    assert visitor.get(ASK, {"code": "2345678999"}).status_code == 200
    (key,) = raw(server).keys(f"{prefix}:*proof-questions*")
    raw(server).incrby(key, 2)
    refused = visitor.get(ASK, {"code": "2345678999"})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(throttle.PERIOD)


@pytest.mark.django_db
def test_so_do_sign_ins(server, prefix, settings):
    use(settings, server, prefix)
    given = {"login": "nobody@example.org", "password": "a wrong one"}
    assert Client().post(SIGN_IN, given).status_code == 422
    (key,) = (each for each in raw(server).keys(f"{prefix}:*:login:*") if b"lock" not in each)
    (moment,) = json.loads(raw(server).get(key))  # as allauth keeps them
    assert moment > 0


def test_everything_the_cache_can_do_it_does_there(server, prefix, settings):
    use(settings, server, prefix)
    cache.set("a", {"b": [1.5, True, None]}, 60)
    cache.set_many({"c": 1, "d": "é"}, 60)
    assert cache.get("a") == {"b": [1.5, True, None]}
    assert cache.get_many(["c", "d", "e"]) == {"c": 1, "d": "é"}
    assert cache.incr("c", 5) == 6
    assert cache.touch("c", 30)
    assert "d" in cache
    assert cache.delete("a")
    cache.delete_many(["c", "d"])
    assert raw(server).keys(f"{prefix}:*") == []
    assert SharedCache.away_until == 0.0


def test_the_tasks_beside_it_are_never_thrown_away(server, prefix, settings):
    use(settings, server, prefix)
    with pytest.raises(NotImplementedError):
        cache.clear()


def test_nothing_in_it_is_ever_run():
    assert AsJson().loads(AsJson().dumps({"a": [1, "b"]})) == {"a": [1, "b"]}
    with pytest.raises(ValueError, match="Expecting value"):
        AsJson().loads(b"cos\nsystem\n(S'true'\ntR.")


# Without it


@pytest.mark.django_db
def test_no_page_fails_and_each_process_counts(prefix, settings, monkeypatch, caplog):
    use(settings, NOWHERE, prefix)
    monkeypatch.setattr(throttle, "QUESTIONS", 2)
    visitor = Client()
    with caplog.at_level(logging.WARNING):
        codes = [visitor.get(ASK, {"code": "2345678999"}).status_code for _ in range(4)]
        given = {"login": "nobody@example.org", "password": "a wrong one"}
        assert visitor.post(SIGN_IN, given).status_code == 422
    assert codes == [200, 200, 429, 429]
    told = [each for each in caplog.records if each.name == "accounts.shared_cache"]
    assert len(told) == 1  # it was asked once, and then left alone for a while


def test_a_redis_that_says_nothing_is_not_waited_for(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        given = cache_at(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        settings.CACHES = {"default": {**given, "OPTIONS": {"socket_timeout": 0.05}}}
        assert not too_often()
    assert SharedCache.away_until > 0


def test_it_is_asked_again_later(server, prefix, settings, monkeypatch):
    use(settings, NOWHERE, prefix)
    assert not too_often()
    use(settings, server, prefix)
    assert not too_often()
    assert raw(server).keys(f"{prefix}:*") == []
    monkeypatch.setattr(SharedCache, "away_until", 0.0)  # the while is over
    assert not too_often()
    assert len(raw(server).keys(f"{prefix}:*")) == 1


def test_a_restarted_redis_is_found_by_old_connections(server, prefix, settings):
    use(settings, server, prefix)
    assert not too_often()
    connection = cache._cache.get_client(write=True).client_id()
    assert raw(server).client_kill_filter(_id=connection) == 1
    assert not too_often()
    assert too_often()
    assert SharedCache.away_until == 0.0


# Of whom


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_one_household_is_one_place(first: str, second: str, is_one: bool, prefix: str):
    assert [too_often(first, prefix) for _ in range(2)] == [False, False]
    assert too_often(second, prefix) is is_one


def test_a_period_that_ends_while_counting_is_begun_anew(monkeypatch):
    class Between:
        """The key was there for `add`, and gone when Redis counted."""

        kept: list[tuple[str, int]] = []

        def add(self, *_: Any) -> bool:
            return False

        def incr(self, _key: str) -> int:
            return 1

        def touch(self, key: str, seconds: int) -> None:
            self.kept.append((key, seconds))

    monkeypatch.setattr(often, "cache", Between())
    assert not too_often()
    assert Between.kept == [("things:192.0.2.1", 60)]


# Where it lies


def test_celerys_words_for_a_place_are_understood():
    shared = "accounts.shared_cache.SharedCache"
    for url, place in {
        "redis://queue:6379/1": "redis://queue:6379/1",
        "rediss://:a,b@queue/0": "rediss://:a,b@queue/0",
        "redis+socket:///run/s?virtual_host=3": "unix:///run/s?db=3",
    }.items():
        told = cache_at(url)
        assert (told["BACKEND"], told["LOCATION"]) == (shared, [place])
    for url in ("", "sentinel://one;sentinel://two", "amqp://queue"):
        assert cache_at(url)["BACKEND"].endswith("LocMemCache")


def test_the_tests_do_not_share_theirs():
    assert isinstance(caches["default"], LocMemCache)
