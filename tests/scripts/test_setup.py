"""Set-up repeats nothing, and does again what went missing."""

import os
import sys
from pathlib import Path

import pytest

from scripts import setup
from scripts.system import Problem


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    return tmp_path


def test_work_is_done_once_for_the_same_input(place: Path):
    done = []
    for key in ("first", "first", "second"):
        setup.once(place / ".done", key, lambda key=key: done.append(key))
    assert done == ["first", "second"]


def test_work_that_failed_is_done_again(place: Path):
    def fail() -> None:
        raise Problem("the network is down")

    with pytest.raises(Problem):
        setup.once(place / ".done", "key", fail)
    done = []
    setup.once(place / ".done", "key", lambda: done.append(True))
    assert done


def test_the_fingerprint_changes_with_a_files_text_and_name(place: Path):
    (place / "static").mkdir()
    (place / "static" / "one.css").write_text("a")
    seen = {setup.fingerprint(place / "static")}
    (place / "static" / "one.css").write_text("b")
    seen.add(setup.fingerprint(place / "static"))
    (place / "static" / "one.css").rename(place / "static" / "two.css")
    seen.add(setup.fingerprint(place / "static"))
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("script", "major"), [("echo 10.2.4", 10), ("echo broken", 0), ("exit 1", 0)]
)
def test_only_an_npm_that_runs_is_used(place: Path, script: str, major: int):
    npm = place / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)
    assert setup.npm_major(str(npm)) == major


def test_an_old_python_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(Problem, match=r"3\.11 or newer is needed, and .* is 3\.9"):
        setup.require_python()


def test_all_that_is_missing_is_asked_for_at_once(place: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[list[str]] = []
    monkeypatch.setattr(setup, "PYTHON", place / "no" / "python")
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(setup, "missing_pdf_packages", lambda: ["libone"])
    monkeypatch.setattr(setup, "apt_install", lambda packages, purpose: asked.append(packages))
    setup.require_system_packages()
    assert asked == [[f"python3.{sys.version_info.minor}-venv", "libone"]]


def test_a_broken_environment_is_noticed(place: Path, monkeypatch: pytest.MonkeyPatch):
    broken = place / "python"
    broken.write_text("#!/bin/sh\nexit 1\n")
    os.chmod(broken, 0o755)
    monkeypatch.setattr(setup, "PYTHON", broken)
    assert not setup.environment_works()
