"""Everything that can be said about the code without running it.

python -m scripts.check [name …]     for instance: python -m scripts.check types
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from scripts.system import ROOT, plain_failures, say

PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]

CHECKS = {
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "types": [PYTHON, "-m", "mypy"],
    "layers": [PYTHON, "-c", "from importlinter import cli; cli.lint_imports_command()"],
    "deploy": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "templates": [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"],
    "addresses": [PYTHON, "-m", "scripts.no_addresses"],
}

# Production as a centre would set it, with a key that is plainly no key.
PRODUCTION = {
    "SIGNPOST_SECRET_KEY": "".join(chr(33 + number * 7 % 94) for number in range(64)),
    "SIGNPOST_ORIGIN": "https://signpost.example",
    "SIGNPOST_ALLOWED_HOSTS": "signpost.example",
}


def main(chosen: list[str]) -> int:
    wanted = [name for name in CHECKS if name in chosen or not chosen]
    with tempfile.TemporaryDirectory(prefix="signpost-check-") as folder:
        environment = production(folder)
        failed = [name for name in wanted if not run(name, environment)]
    say(f"\nFailed: {', '.join(failed)}." if failed else "\nEvery check passed.")
    return 1 if failed else 0


def production(data_dir: str) -> dict[str, str]:
    """Nothing of what somebody set for their own running Signpost."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SIGNPOST_") and name != "DATABASE_URL"
    }
    return {**inherited, **PRODUCTION, "SIGNPOST_DATA_DIR": data_dir}


def run(name: str, environment: dict[str, str]) -> bool:
    say(f"--- {name}")
    return subprocess.run(CHECKS[name], cwd=ROOT, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    with plain_failures():
        sys.exit(main(sys.argv[1:]))
