"""A real web server on the tests' database, and a line to it that breaks when told to."""

import os
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connection
from django.test import Client

from demo.ready import answers
from scripts.services import running
from scripts.system import ROOT

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TOKEN = "a" * 32


def headers_for(user: Any) -> dict[str, str]:
    """What a signed-in browser sends with each request."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}


class Server:
    """Gunicorn as in production. On SQLite it has a copy of the rows made so far."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.copy = folder / "copy.sqlite3"
        self.process: subprocess.Popen[bytes] | None = None
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"VACUUM INTO '{self.copy}'")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        if connection.vendor == "sqlite":
            with sqlite3.connect(self.copy) as line:
                return line.execute(query).fetchall()
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    @contextmanager
    def up(self, *options: str) -> Iterator[None]:
        # Forked from one that has loaded everything, a worker is back at once.
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--threads", "4", "--preload"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--no-control-socket", *options]
        with (self.folder / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log
            )
        with running(self.process, lambda: answers(self.port), "the web server"):
            yield

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self._database(),
            "SIGNPOST_DATA_DIR": str(self.folder),
            "SIGNPOST_ORIGIN": self.address,
            "SIGNPOST_LOG_LEVEL": "WARNING",
            "SIGNPOST_MAX_UPLOAD_MB": "1",
        }

    def _database(self) -> str:
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.copy}"
        name = connection.settings_dict["NAME"]
        return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))

    def kill_workers(self) -> None:
        """As the kernel does when memory runs out; the master starts others."""
        for pid in self.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """Everything at once, as when the power goes."""
        assert self.process
        pids = [self.process.pid, *self.workers()]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(20)

    def workers(self) -> list[int]:
        assert self.process
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text()
        return [int(pid) for pid in children.split()]


class Line:
    """Carries bytes to the server and back. `cut_after` so many of the next ones that go out,
    the connection ends: in an orderly way or, if `rough`, by a reset; `also` is done then."""

    def __init__(self, to: int) -> None:
        self.to, self.cut_after, self.rough = to, -1, False
        self.also: Callable[[], None] = lambda: None
        self.delivered = 0  # bytes of a body that reached the server before the cut
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, *, after: int, rough: bool = False, also: Callable[[], None] | None = None):
        self.rough, self.also, self.delivered = rough, also or (lambda: None), 0
        self.cut_after = after

    def close(self) -> None:
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _address = self.listener.accept()
                threading.Thread(target=self._serve, args=(here,), daemon=True).start()

    def _serve(self, here: socket.socket) -> None:
        with here:
            try:
                there = socket.create_connection(("127.0.0.1", self.to), timeout=30)
            except OSError:
                return
            with there:
                back = threading.Thread(target=self._back, args=(there, here), daemon=True)
                back.start()
                self._forth(here, there)
                back.join()

    def _forth(self, here: socket.socket, there: socket.socket) -> None:
        sent = b""
        with suppress(OSError):
            while data := here.recv(65536):
                cut = 0 <= self.cut_after < len(data)
                if cut:
                    data = data[: self.cut_after]
                elif self.cut_after >= 0:
                    self.cut_after -= len(data)
                there.sendall(data)
                sent += data
                if cut:
                    self.cut_after, self.delivered = -1, len(sent.partition(b"\r\n\r\n")[2])
                    self._break(here, there)
                    return
            there.shutdown(socket.SHUT_WR)

    def _break(self, here: socket.socket, there: socket.socket) -> None:
        self.also()
        for end in (here, there):
            if self.rough:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.shutdown(socket.SHUT_RD if self.rough else socket.SHUT_RDWR)
            end.close()

    def _back(self, there: socket.socket, here: socket.socket) -> None:
        with suppress(OSError):
            while data := there.recv(65536):
                here.sendall(data)
        with suppress(OSError):  # a server that was killed says no more to anybody
            here.shutdown(socket.SHUT_RDWR)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
