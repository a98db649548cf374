import socket
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from scripts.services import postgres, redis
from tests.deploy import compose
from tests.deploy.stack import Stack


@pytest.fixture(scope="session")
def services() -> dict[str, Any]:
    return compose.interpolate(compose.read(), compose.DOT_ENV)["services"]


@pytest.fixture(scope="session")
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """An empty PostgreSQL database of this run's own."""
    name = f"signpost_deploy_{uuid.uuid4().hex[:12]}"
    with postgres() as server:
        _maintain(server, f'CREATE DATABASE "{name}"')
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        _maintain(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _maintain(server: str, statement: str) -> None:
    line = psycopg2.connect(server)
    line.autocommit = True
    line.cursor().execute(statement)
    line.close()


@pytest.fixture(scope="session")
def stack(
    services: dict[str, Any],
    database: str,
    port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    with redis() as queue:
        instead = {
            "DATABASE_URL": database,
            "REDIS_URL": queue,
            "SIGNPOST_DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{port} --workers=1 --threads=4"
            " --no-control-socket",
        }
        stack = Stack(services, instead, port)
        migrated = stack.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        yield stack
