"""The demo refuses in one sentence, before anything long happens."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import keep_whole
from demo import broker, ready
from scripts.system import ROOT, Problem

MANAGE = [sys.executable, "manage.py", "demo"]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def run(data_dir: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SIGNPOST_DATA_DIR": str(data_dir)}
    return subprocess.run(
        [*MANAGE, *options], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def assert_one_sentence(ended: subprocess.CompletedProcess[str], words: str) -> None:
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.strip().splitlines()
    assert line.startswith("Signpost: ")
    assert words in line


def test_a_taken_port(tmp_path: Path, taken: int):
    assert_one_sentence(run(tmp_path, "--port", str(taken)), f"Port {taken} can't be used")
    assert not (tmp_path / "db.sqlite3").exists()


def test_a_port_that_is_none(tmp_path: Path):
    assert_one_sentence(run(tmp_path, "--port", "70000"), "70000 is no port")


def test_a_data_folder_that_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert_one_sentence(run(tmp_path / "file" / "data"), "can't be made")


def test_a_second_demo_on_the_same_data(tmp_path: Path):
    with ready.only_demo_here(tmp_path):
        assert_one_sentence(run(tmp_path, "--no-serve"), "already running")


def test_a_missing_library(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ready, "missing_pdf_packages", lambda: ["libpango-1.0-0"])
    with pytest.raises(Problem, match=r"sudo apt-get install -y libpango-1\.0-0"):
        ready.require_pdf_libraries()


def test_a_read_only_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def refuse(dir: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    monkeypatch.setenv("SIGNPOST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SIGNPOST_DEMO", "1")
    with pytest.raises(Problem, match=r"can't be written to \(Read-only file system\)"):
        ready.before_settings()


def test_the_secret_key_is_made_once_and_is_its_owners_alone(tmp_path: Path):
    place = tmp_path / "new" / "secret-key"
    keep_whole(place, "first")
    assert place.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        keep_whole(place, "second")
    assert place.read_text() == "first"
    assert list(place.parent.iterdir()) == [place]


def test_the_broker_answers_only_while_it_runs(tmp_path: Path):
    place = tmp_path / "broker.sock"
    assert not broker.answers(place)
    server = subprocess.Popen(broker.command(place), stdout=subprocess.DEVNULL)
    try:
        while not broker.answers(place):
            assert server.poll() is None
    finally:
        server.terminate()
        server.wait()
    assert not broker.answers(place)
