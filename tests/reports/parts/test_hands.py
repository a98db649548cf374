"""Work shared out to forked processes."""

import os
import signal
import threading

import pytest

from reports.parts.hands import Lost, apart, share_out


@pytest.fixture
def hired(monkeypatch) -> list[int]:
    """The process numbers of whoever was started."""
    numbers: list[int] = []
    fork = os.fork

    def noted() -> int:
        number = fork()
        if number:
            numbers.append(number)
        return number

    monkeypatch.setattr(os, "fork", noted)
    return numbers


def is_gone(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


def test_everything_is_done_once_and_by_others():
    done = dict(share_out(range(20), lambda job: (job * job, os.getpid()), hands=2))
    assert {place: square for place, (square, _pid) in done.items()} == {
        job: job * job for job in range(20)
    }
    assert os.getpid() not in {pid for _square, pid in done.values()}


def test_one_hand_is_this_process():
    assert list(share_out([1], lambda _job: os.getpid(), hands=2)) == [(0, os.getpid())]


def test_what_is_done_apart_is_done_by_another_and_its_error_comes_back():
    assert apart(os.getpid) != os.getpid()

    def refuse() -> None:
        raise OSError(28, "no room")

    with pytest.raises(OSError, match="no room"):
        apart(refuse)


def test_an_error_comes_back_as_it_was():
    def refuse(job: int) -> None:
        raise OSError(28, f"no room for {job}")

    with pytest.raises(OSError, match="no room") as raised:
        list(share_out([1, 2, 3], refuse, hands=2))
    assert raised.value.errno == 28


class Locked(Exception):
    """Holds what no pipe carries."""

    def __init__(self, job: int) -> None:
        super().__init__(f"locked at {job}")
        self.lock = threading.Lock()


class Twofold(Exception):
    """Goes into a pipe, and cannot be put together at its other end."""

    def __init__(self, job: int, why: str) -> None:
        super().__init__(f"{why} at {job}")


@pytest.mark.parametrize(
    ("make", "told"),
    [(Locked, "locked at"), (lambda job: Twofold(job, "halved"), "halved at")],
)
def test_an_error_that_no_pipe_carries_is_told_in_words(make, told):
    def refuse(job: int) -> None:
        raise make(job)

    with pytest.raises(RuntimeError, match=told):
        list(share_out([1, 2, 3], refuse, hands=2))


def test_a_killed_process_is_told_of_and_nobody_is_left(hired):
    def die(job: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(Lost) as raised:
        list(share_out([1, 2, 3], die, hands=2))
    assert "short of memory" in raised.value.messages[0]
    assert len(hired) == 2
    assert all(map(is_gone, hired))


def test_who_stops_listening_leaves_nobody_working(hired):
    asked = share_out(range(9), lambda job: job, hands=2)
    next(asked)
    asked.close()
    assert len(hired) == 2
    assert all(map(is_gone, hired))
