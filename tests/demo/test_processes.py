"""All of the demo's processes run, or none does: tried with real ones."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.system import ROOT
from tests.deploy.waiting import eventually

# Two children, each with a child of its own, as a worker has; their numbers go to files.
PARENT = """
import os, pathlib, sys
from demo.processes import Processes, ProcessEnded, StopAsked
folder = pathlib.Path(sys.argv[1])
child = "import os,subprocess,sys;p=subprocess.Popen(['sleep','600']);" \\
        "print(os.getpid(),p.pid,file=open(sys.argv[1],'w'));p.wait()"
try:
    with Processes(folder / "logs", os.environ) as processes:
        for name in ("one", "two"):
            told = folder / name
            command = [sys.executable, "-c", child, str(told)]
            processes.start(name, command, lambda: told.exists() and len(told.read_text()) > 2)
        print("up", flush=True)
        processes.watch()
except StopAsked:
    print("asked to stop")
except ProcessEnded as ended:
    sys.exit(str(ended))
"""


class Family:
    def __init__(self, folder: Path) -> None:
        self.parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.parent.stdout is not None
        assert self.parent.stdout.readline() == "up\n"
        self.one, *_ = self.descendants = [
            int(number) for name in ("one", "two") for number in (folder / name).read_text().split()
        ]

    def send(self, number: signal.Signals) -> tuple[int, str]:
        self.parent.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        out, err = self.parent.communicate(timeout=30)
        return self.parent.returncode, out + err

    def all_gone(self) -> bool:
        return not any(alive(number) for number in self.descendants)


def alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    family = Family(tmp_path)
    assert all(alive(number) for number in family.descendants)
    yield family
    for number in [family.parent.pid, *family.descendants]:
        if alive(number):
            os.kill(number, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_when_asked_to_stop_nobody_is_left(family: Family, number: signal.Signals):
    assert family.send(number) == (0, "asked to stop\n")
    assert family.all_gone()


def test_killed_outright_its_children_end_too(family: Family):
    family.send(signal.SIGKILL)
    leaders = family.descendants[::2]
    assert eventually(lambda: not any(alive(number) for number in leaders))


def test_a_child_that_dies_takes_all_down_and_is_named(family: Family):
    os.kill(family.one, signal.SIGKILL)
    code, told = family.ended()
    assert code == 1
    assert "The one ended by itself; see" in told
    assert told.rstrip().endswith("one.log.")
    assert family.all_gone()


def test_a_program_that_never_answers_is_given_up(tmp_path: Path):
    code = PARENT.replace("and len(told.read_text()) > 2", "and False").replace(
        "folder = ", "import demo.processes; demo.processes.PATIENCE = 0.2\nfolder = "
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "The one does not answer; see" in ended.stderr
