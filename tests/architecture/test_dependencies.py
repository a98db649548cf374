"""What Signpost is built from is pinned, and some things must never come along."""

import json
import re
import tomllib

import pytest

from scripts.system import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"]
PINNED = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)

FORBIDDEN = {
    "psycopg": "Django would silently prefer it to psycopg2",
    "psycopg-binary": "Django would silently prefer it to psycopg2",
    "pymupdf": "its licence binds whoever runs the service",
}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_hash(lock: str):
    requirements = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
    pins = [line for line in requirements if line and not line.lstrip().startswith("#")]
    assert pins
    assert all("--hash=sha256:" in line for line in pins)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_package_is_nowhere(name: str):
    for lock in LOCKS:
        assert name not in PINNED.findall((ROOT / lock).read_text()), FORBIDDEN[name]


def test_the_tests_use_the_versions_that_run():
    runs = set(re.findall(r"^\S+==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    dev = set(re.findall(r"^\S+==\S+", (ROOT / "requirements-dev.lock").read_text(), re.MULTILINE))
    assert runs <= dev


def test_what_pyproject_asks_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {re.split(r"[\[<>=~!;]", line)[0] for line in project["dependencies"]}
    assert asked <= set(PINNED.findall((ROOT / "requirements.lock").read_text()))


def test_front_end_packages_are_exact_and_checked_by_hash():
    asked = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert locked.pop("")["dependencies"] == asked
    assert all(package["integrity"].startswith("sha512-") for package in locked.values())
    assert not any("resolved" in package for package in locked.values())
