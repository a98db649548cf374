import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, connections

from tests.factories import Cast
from tests.reports.builders import Story, small


@pytest.fixture
def story(cast: Cast) -> Story:
    return small(cast)


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The tests' database, where other processes can reach it; its URL.

    SQLite's lies in this process's memory, so the test goes on with a copy in a file.
    """
    if connection.vendor != "sqlite":
        name = connection.settings_dict["NAME"]
        yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
        return
    inside = connections["default"]
    place = tmp_path / "shared.sqlite3"
    with sqlite3.connect(place) as copy:
        inside.connection.backup(copy)
    connections["default"] = type(inside)({**inside.settings_dict, "NAME": str(place)})
    yield f"sqlite:///{place}"
    connections["default"].close()
    connections["default"] = inside
