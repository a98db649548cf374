"""What must be so before the demo starts anything, each refusal in one plain sentence."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.system import ROOT, Problem, missing_pdf_packages, require_writable


def before_settings() -> None:
    """The settings read these names, and the apps load the PDF libraries: both must be there."""
    os.environ["SIGNPOST_DEMO"] = "1"
    data_dir = Path(os.environ.setdefault("SIGNPOST_DATA_DIR", str(ROOT / "var")))
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"{data_dir} can't be made ({error.strerror}).") from None
    require_writable(data_dir)
    require_pdf_libraries()


def require_pdf_libraries() -> None:
    missing = " ".join(missing_pdf_packages())
    if missing:
        raise Problem(
            f"Making PDFs needs system packages: run `sudo apt-get install -y {missing}`."
        )


def require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError:
            raise Problem(f"{port} is no port; choose one from 1024 to 65535.") from None
        except OSError as error:
            raise Problem(
                f"Port {port} can't be used ({error.strerror}); stop what holds it, "
                f"or choose another: make demo ARGS='--port {port + 1}'."
            ) from None


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def only_demo_here(data_dir: Path) -> Iterator[None]:
    """Two demos on one data folder would take each other's broker."""
    with (data_dir / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(f"A demo is already running on {data_dir}; stop that one.") from None
        yield
