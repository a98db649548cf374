"""Work done by several processes, forked from this one, which has everything loaded already.

A Celery worker's own process may not start others through multiprocessing, and a fresh one would
take over a second to load WeasyPrint. A child works on files only: it never touches the database,
whose connection belongs to the parent, and it ends without any of the parent's farewells.
"""

import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, TypeVar

from django.utils.translation import gettext as _

Job = TypeVar("Job")
Result = TypeVar("Result")


class Lost(Exception):
    """A process was killed at its work, most likely because the server is short of memory."""

    @property
    def messages(self) -> list[str]:
        return [
            _(
                "Making the pages was stopped half-way, perhaps because the server is short of"
                " memory. Try again; if it fails again, ask whoever runs the server for more."
            )
        ]


@dataclass
class _Hand:
    pid: int
    line: Connection


def share_out(
    jobs: Sequence[Job], work: Callable[[Job], Result], *, hands: int
) -> Iterator[tuple[int, Result]]:
    """The place of each job and what came of it, in the order in which they are done.

    The first error ends it all. With one hand it is done in this process.
    """
    if min(hands, len(jobs)) < 2:
        yield from ((place, work(job)) for place, job in enumerate(jobs))
        return
    working: list[_Hand] = []
    try:
        for _each in range(min(hands, len(jobs))):
            working.append(_hire(jobs, work, working))
        yield from _results(working, len(jobs))
    finally:
        for hand in working:
            _dismiss(hand)


def apart(work: Callable[[], Result]) -> Result:
    """Done in a process of its own, so that the memory it takes goes with it."""
    hand = _hire([None], lambda _job: work(), [])
    try:
        _place, result = next(_results([hand], 1))
        return result
    finally:
        _dismiss(hand)


def _results(working: list[_Hand], many: int) -> Iterator[tuple[int, Any]]:
    waiting = iter(range(many))
    lines = {hand.line for hand in working}
    for line in lines:
        line.send(next(waiting))
    for _done in range(many):
        line = next(each for each in wait(list(lines)) if isinstance(each, Connection))
        try:
            place, result, error = line.recv()
        except (EOFError, ConnectionResetError) as gone:
            raise Lost from gone
        if error is not None:
            raise error
        following = next(waiting, None)
        if following is None:
            lines.discard(line)
        else:
            line.send(following)
        yield place, result


def _hire(jobs: Sequence[Job], work: Callable[[Job], Any], others: list[_Hand]) -> _Hand:
    ours, theirs = Pipe()
    pid = os.fork()
    if pid:
        theirs.close()
        return _Hand(pid, ours)
    status = 1
    try:
        # A parent that is killed must leave nobody waiting: its ends of the pipes are its alone.
        for line in (ours, *(hand.line for hand in others)):
            line.close()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            signal.signal(number, signal.SIG_DFL)
        _work_off(jobs, work, theirs)
        status = 0
    finally:
        os._exit(status)


def _work_off(jobs: Sequence[Any], work: Callable[[Any], Any], line: Connection) -> None:
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            place = line.recv()
            try:
                answer: tuple[int, Any, Exception | None] = (place, work(jobs[place]), None)
            except Exception as error:  # noqa: BLE001 - raised again where the job came from
                answer = (place, None, _as_sent(error))
            line.send(answer)


def _as_sent(error: Exception) -> Exception:
    """The error, or what it says where it does not come through a pipe whole: its process would
    end of that, as if it had been killed."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - its own bytes
    except Exception:  # noqa: BLE001 - an error of any kind may refuse, in any way
        return RuntimeError(repr(error))
    return error


def _dismiss(hand: _Hand) -> None:
    hand.line.close()
    with suppress(ProcessLookupError):
        os.kill(hand.pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(hand.pid, 0)
