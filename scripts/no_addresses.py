"""Refuses tracked files that name a package registry or a place on somebody's machine.

Every machine has registries of its own choice; an address in the code would override that. The
patterns are written so that they do not match themselves.
"""

import re
import subprocess
import sys

from scripts.system import ROOT, Problem, plain_failures

PATTERNS = {
    "a registry's address": re.compile(
        r"pypi[.]org|files[.]pythonhosted[.]org|registry[.]npmjs[.]org|registry[.]yarnpkg[.]com"
        r"|deb[.]debian[.]org|security[.]debian[.]org|archive[.]ubuntu[.]com"
        r"|--(?:extra-)?index[-]url|\"resolved\":\s*\"https?:|^\s*registry\s*="
    ),
    "a path of one machine": re.compile(
        r"(?<![\w.$}/-])/(?:work|root|farm)(?=/\w)|/home/\w+/|/Users/\w+/"
    ),
}


def main() -> int:
    found = [line for name in tracked_files() for line in offences(name)]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


def tracked_files() -> list[str]:
    """Also what is new and not ignored, so that the check speaks before the commit does."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        raise Problem("the address check needs git and a git checkout.") from None
    return [name for name in told.stdout.split("\0") if name]


def offences(name: str) -> list[str]:
    path = ROOT / name
    if not path.is_file():
        return []
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    return [
        f"{name}:{number}: {meaning}: {line.strip()[:100]}"
        for number, line in enumerate(lines, start=1)
        for meaning, pattern in PATTERNS.items()
        if pattern.search(line)
    ]


if __name__ == "__main__":
    with plain_failures():
        sys.exit(main())
