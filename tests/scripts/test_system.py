"""Set-up's failures are sentences, not tracebacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import system
from scripts.system import ROOT, Problem


@pytest.fixture(autouse=True)
def _own_logs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(system, "LOGS", tmp_path / "logs")


@pytest.mark.parametrize(
    ("printed", "meaning"),
    [
        ("ERROR: [Errno 28] No space left on device", "the disk is full"),
        ("npm error code ENOTFOUND", "can't be reached"),
        ("Could not connect to the server", "can't be reached"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "differs from the one that was pinned"),
        ("Collecting x\nERROR: something nobody foresaw.\n\n", "something nobody foresaw"),
        ("", "it said nothing"),
    ],
)
def test_a_program_that_fails_is_put_into_a_sentence(printed: str, meaning: str):
    command = [sys.executable, "-c", "import sys; print(sys.argv[1]); sys.exit(3)", printed]
    with pytest.raises(Problem, match=f"^Reading failed: .*{meaning}") as problem:
        system.run(command, "Reading")
    assert "\n" not in str(problem.value)
    assert (system.LOGS / "last-failure.log").read_text().strip() == printed.strip()


def test_who_may_not_install_is_told_the_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(Problem, match="`sudo apt-get install -y libone libtwo`"):
        system.apt_install(["libone", "libtwo"], "Signpost")


def test_without_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(system.shutil, "which", lambda name: None)
    with pytest.raises(Problem, match="libone, libtwo"):
        system.apt_install(["libone", "libtwo"], "Signpost")


def test_a_missing_library_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch):
    libraries = {"libc.so.6": "libc6", "libnobodyhas.so.9": "libnobodyhas9"}
    monkeypatch.setattr(system, "PDF_LIBRARIES", libraries)
    assert system.missing_pdf_packages() == ["libnobodyhas9"]


@pytest.mark.parametrize(
    ("raising", "sentence"),
    [
        ("system.Problem('The cat sat on it.')", "Signpost: The cat sat on it."),
        ("OSError(28, 'No space left on device', '/x')", "No space left on device (/x)"),
        ("KeyboardInterrupt()", "Signpost: stopped."),
    ],
)
def test_the_program_ends_with_one_sentence_and_no_traceback(raising: str, sentence: str):
    code = f"from scripts import system\nwith system.plain_failures(): raise {raising}"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
