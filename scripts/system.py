"""What the machine must bring, and how to say plainly that it does not.

Standard library only: set-up uses it before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".setup"

PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}

TOKEN_MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")

# What programs print when the cause is not theirs, and what that means to a person.
CAUSES = {
    "the disk is full": ["No space left on device", "ENOSPC", "Disk quota exceeded"],
    "the network or a package registry can't be reached": [
        "Temporary failure in name resolution",
        "Temporary failure resolving",
        "Failed to establish a new connection",
        "Network is unreachable",
        "Could not resolve",
        "Could not connect",
        "ConnectTimeout",
        "Read timed out",
        "ProxyError",
        "Connection refused",
        "ENOTFOUND",
        "EAI_AGAIN",
        "ECONNREFUSED",
        "ETIMEDOUT",
    ],
    "a file or folder can't be written": ["Permission denied", "Read-only file system", "EACCES"],
    "a package differs from the one that was pinned": ["DO NOT MATCH THE HASHES", "EINTEGRITY"],
}


class Problem(Exception):
    """A reason to stop, as one sentence for the person at the keyboard."""


@contextmanager
def plain_failures():
    """Ends the program with one sentence where Python would print a traceback."""
    try:
        yield
    except Problem as problem:
        sys.exit(f"Signpost: {problem}")
    except KeyboardInterrupt:
        sys.exit("\nSignpost: stopped.")
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        sys.exit(f"Signpost: the machine refused: {error.strerror or error}{where}.")


def say(text: str) -> None:
    print(text, flush=True)


def run(command, doing: str, **options) -> None:
    """Run quietly; a failure becomes one sentence, and the whole output is kept in a file."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **options,
    )
    if done.returncode:
        raise Problem(f"{doing} failed: {cause(done.stdout)}{kept(done.stdout)}.")


def cause(output: str) -> str:
    for meaning, signs in CAUSES.items():
        if any(sign in output for sign in signs):
            return meaning
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it said nothing"


def kept(output: str) -> str:
    try:
        LOGS.mkdir(exist_ok=True)
        (LOGS / "last-failure.log").write_text(output)
    except OSError:
        return ""
    return " (all it said is in .setup/last-failure.log)"


def apt_install(packages, purpose: str) -> None:
    """Debian's packages, when we may; else the exact command for somebody who may."""
    command = f"apt-get install -y {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Problem(f"{purpose} needs what Debian calls {', '.join(packages)}: install that.")
    if os.geteuid() != 0:
        raise Problem(f"{purpose} needs system packages: run `sudo {command}`, then try again.")
    say(f"Installing {', '.join(packages)} …")
    # Runlevel 1: a server that is installed is not started.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    run([*apt, "update"], "apt-get update", env=environment)
    wanted = [*apt, "install", "-y", "--no-install-recommends", *packages]
    run(wanted, f"`{command}`", env=environment)


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_pdf_packages():
    return [package for library, package in PDF_LIBRARIES.items() if not loads(library)]


def chromium() -> str | None:
    names = ["chromium", "chromium-browser", "google-chrome"]
    found = [os.environ.get("SIGNPOST_CHROMIUM"), *map(shutil.which, names)]
    return next((path for path in found if path), None)


def require_browser() -> None:
    """Chromium, and the one library that Playwright's own driver asks of the machine."""
    missing = [] if chromium() else ["chromium", "fonts-dejavu-core"]
    if not loads("libatomic.so.1"):
        missing.append("libatomic1")
    if missing:
        apt_install(missing, "Testing in a browser")
    if not chromium():
        raise Problem("no Chromium was found; name one in SIGNPOST_CHROMIUM.")


def nginx() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def require_nginx() -> None:
    if not nginx():
        apt_install(["nginx-light"], "Testing the proxy")


def require_token() -> None:
    """Keys on a token that is made of software."""
    if not (shutil.which("softhsm2-util") and TOKEN_MODULE.exists()):
        apt_install(["softhsm2"], "Testing signatures with a token")


def require_writable(folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Problem(f"{folder} can't be written to ({error.strerror}).") from None
