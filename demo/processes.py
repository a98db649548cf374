"""Keeps the demo's processes together: all run, or none does."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

PATIENCE = 30  # seconds for a process to answer
GRACE = 10  # seconds for a process to end by itself

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


class ProcessEnded(BaseException):
    """One of them ended by itself, or never came to answer.

    Raised wherever a signal finds us, so no library's `except Exception` may swallow it.
    """


class StopAsked(KeyboardInterrupt):
    """Ctrl-C, or SIGTERM from whoever started us."""


class Processes:
    """Each child leads a process group of its own, which ends with it.

    A child's death raises ProcessEnded wherever the main thread happens to be, so a demo that
    waits for a worker does not wait for a dead one.
    """

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self.logs = logs
        self.environment = environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        signal.signal(signal.SIGCHLD, self._child_changed)
        signal.signal(signal.SIGTERM, self._stop_asked)
        signal.signal(signal.SIGINT, self._stop_asked)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop_at_once)
        self._end_all()

    def start(
        self, name: str, command: list[str], ready: Callable[[], bool] = lambda: True
    ) -> None:
        with self.log(name).open("wb") as log:
            self.running[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),
            )
        self._wait_until(ready, name)
        self._raise_for_the_dead()

    def watch(self) -> None:
        """Returns never: leaves by StopAsked or ProcessEnded."""
        while True:
            self._raise_for_the_dead()
            signal.pause()

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _wait_until(self, ready: Callable[[], bool], name: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            self._raise_for_the_dead()
            if time.monotonic() > deadline:
                raise ProcessEnded(f"The {name} does not answer; see {self.log(name)}.")
            time.sleep(0.05)

    def _raise_for_the_dead(self) -> None:
        for name, process in self.running.items():
            if process.poll() is not None:
                raise ProcessEnded(f"The {name} ended by itself; see {self.log(name)}.")

    def _child_changed(self, number: int, frame: FrameType | None) -> None:
        self._raise_for_the_dead()

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        raise StopAsked

    def _stop_at_once(self, number: int, frame: FrameType | None) -> None:
        for process in self.running.values():
            _signal_group(process, signal.SIGKILL)

    def _end_all(self) -> None:
        """Last started, first ended; the broker goes when nobody needs it any more."""
        deadline = time.monotonic() + GRACE
        for process in reversed(self.running.values()):
            if process.poll() is None:
                process.terminate()
            _wait(process, deadline)
            # What the child left behind, or all of it if it would not go.
            _signal_group(process, signal.SIGKILL)
            process.wait()
        self.running.clear()


def _wait(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _die_with(parent: int) -> Callable[[], None]:
    """Runs in the child: asks the kernel to end it when we are killed outright."""

    def ask() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask
