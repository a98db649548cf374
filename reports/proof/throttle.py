"""How often one place may ask, and how many files are read at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from accounts.often import asked_too_often
from reports.proof.receiving import folder

QUESTIONS = 40  # of one place, in ten minutes: codes and files together
PERIOD = 600
AT_ONCE = 2  # files being read on this machine; each may take a process and its memory


def was_too_often(request: HttpRequest) -> bool:
    """Counts this question. A code is one of 590 million million: nobody finds one this way."""
    return asked_too_often(request, "proof-questions", most=QUESTIONS, seconds=PERIOD)


@contextmanager
def turn() -> Iterator[bool]:
    """Whether there is room to read one more file now; the room is given back in any case,
    also by a process that was killed."""
    place = folder()
    for number in range(AT_ONCE):
        with (place / f"{number}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield True
            return
    yield False
