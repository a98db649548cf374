"""A tunnel between the browser and the site, through which the signal can be cut."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

PIECE = 65536
PATIENCE = 60


class Tunnel:
    """Passes bytes on until it is cut, or held up, in the midst of what is being sent.

    `up` counts the bytes that reached the site.
    """

    def __init__(self, site: str) -> None:
        parts = urlsplit(site)
        self.site = (parts.hostname, parts.port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.lock = threading.Lock()
        self.open: set[socket.socket] = set()
        self.is_cut = threading.Event()
        self.is_free = threading.Event()
        self.is_free.set()
        self.is_held = threading.Event()
        self.up = 0
        self.at_limit: Callable[[], None] | None = None
        self.limit = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Every connection breaks, and new ones do as soon as they are made."""
        self.is_cut.set()
        with self.lock:
            broken = list(self.open)
        self._break(*broken)

    def cut_after(self, count: int) -> None:
        """Let so many more bytes up to the site."""
        self.limit, self.at_limit = self.up + count, self.cut

    def hold_after(self, count: int) -> None:
        """The same, but the connection only stands still."""
        self.is_held.clear()
        self.limit, self.at_limit = self.up + count, self._hold

    def mend(self) -> None:
        self.at_limit = None
        self.is_cut.clear()
        self.is_free.set()

    def _hold(self) -> None:
        self.is_free.clear()
        self.is_held.set()

    def _break(self, *broken: socket.socket) -> None:
        """Closed, not only shut: else whoever still sends is never told, and waits for ever."""
        with self.lock:
            self.open -= set(broken)
        for each in broken:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def close(self) -> None:
        self.cut()
        self.is_free.set()
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _address = self.listener.accept()
            except OSError:
                return
            if self.is_cut.is_set():
                browser.close()
                continue
            try:
                site = socket.create_connection(self.site)
            except OSError:  # the site itself is down
                browser.close()
                continue
            with self.lock:
                self.open |= {browser, site}
            for source, target, is_up in ((browser, site, True), (site, browser, False)):
                threading.Thread(
                    target=self._pass, args=(source, target, is_up), daemon=True
                ).start()

    def _pass(self, source: socket.socket, target: socket.socket, is_up: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if is_up and self._may_not_pass(len(piece)):
                    break
                target.sendall(piece)
        self._break(source, target)

    def _may_not_pass(self, count: int) -> bool:
        if self.at_limit and self.up + count > self.limit:
            self.at_limit()
        self.is_free.wait(PATIENCE)
        if self.is_cut.is_set():
            return True
        self.up += count
        return False


@contextmanager
def tunnel(site: str) -> Iterator[Tunnel]:
    made = Tunnel(site)
    try:
        yield made
    finally:
        made.close()
