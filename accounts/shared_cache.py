"""The cache that all processes share, where there is a Redis; see ADR 0031."""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

AWAY_SECONDS = 15  # without asking a Redis again that did not answer
PATIENCE = 1  # seconds


class AsJson:
    """Not pickled, as Django would: whoever can write into the Redis must not run code here."""

    def dumps(self, value: Any) -> str:
        return json.dumps(value)

    def loads(self, held: bytes) -> Any:
        return json.loads(held)


def _in_either(name: str) -> Callable[..., Any]:
    shared, alone = getattr(RedisCache, name), getattr(LocMemCache, name)

    def method(self: "SharedCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= SharedCache.away_until:
            try:
                return shared(self, *args, **kwargs)
            except RedisError as error:
                SharedCache.away_until = time.monotonic() + AWAY_SECONDS
                logger.warning("The cache's Redis does not answer: %s", error)
        return alone(self.alone, *args, **kwargs)

    return method


class SharedCache(RedisCache):
    """Without its Redis each process remembers for itself, and no page fails."""

    away_until = 0.0  # for all threads of this process

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        ways = {
            "serializer": AsJson,
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 1),  # a connection that a restart left dead is opened anew
        }
        super().__init__(server, {**params, "OPTIONS": {**ways, **params.get("OPTIONS", {})}})
        self.alone = LocMemCache("while-redis-is-away", params)

    add = _in_either("add")
    get = _in_either("get")
    set = _in_either("set")
    touch = _in_either("touch")
    delete = _in_either("delete")
    has_key = _in_either("has_key")
    incr = _in_either("incr")
    get_many = _in_either("get_many")
    set_many = _in_either("set_many")
    delete_many = _in_either("delete_many")

    def clear(self) -> None:
        """Django would empty the whole database, with the tasks that wait in it."""
        raise NotImplementedError("The cache lies beside the tasks: delete by name.")
