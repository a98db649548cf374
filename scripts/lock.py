"""Writes the lock files anew from pyproject.toml and package.json.

python -m scripts.lock [--upgrade]

Without --upgrade every pin that still fits stays as it is. No lock names the registry it came
from, so each machine asks its own.
"""

import sys

from scripts.setup import PYTHON, npm
from scripts.system import ROOT, plain_failures, run, say

LOCKS = {
    "requirements.lock": ["pyproject.toml"],
    "requirements-dev.lock": ["pyproject.toml", "--group", "dev", "-c", "requirements.lock"],
    "requirements-node.lock": ["--group", "node"],
}


def main(options: list[str]) -> None:
    uv = [PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    for lock, sources in LOCKS.items():
        say(f"Locking {lock} …")
        wanted = ["--no-header", "--python-version", "3.11", "-o", lock]
        run([*uv, *wanted, *sources, *options], f"Locking {lock}", cwd=ROOT)
    say("Locking package-lock.json …")
    run([*npm(), "install", "--package-lock-only"], "Locking package-lock.json", cwd=ROOT)


if __name__ == "__main__":
    with plain_failures():
        main(sys.argv[1:])
