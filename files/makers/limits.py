"""What a process that reads a stranger's file may use, and how much of the file it shows."""

import ctypes
import os
import resource
import signal
from dataclasses import dataclass

MB = 1024 * 1024
PR_SET_PDEATHSIG = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
NICENESS = 10


@dataclass(frozen=True)
class Limits:
    """The defaults; `settings.PREVIEW_LIMITS` changes them by name."""

    # Of the process
    memory_mb: int = 1536
    file_mb: int = 1024
    cpu_seconds: int = 120
    seconds: int = 180
    # A film's copy takes as long as the film, on a slow machine
    film_cpu_seconds: int = 3600
    film_seconds: int = 2400

    # Of a document
    pages: int = 200  # shown
    most_pages: int = 5000  # with more there is no preview at all
    text_mb: int = 4
    unpacked_mb: int = 256
    sheets: int = 50
    rows: int = 2000
    columns: int = 200
    cells: int = 200_000
    attachments: int = 50
    attachments_mb: int = 128

    # Of a recording
    copy_minutes: int = 40  # of film that is coded anew for browsers
    sound_copy_minutes: int = 240
    longest_hours: int = 6  # with more there is no preview at all


def apply(limits: Limits, *, long: bool) -> None:
    """Bind this process, for good."""
    memory = limits.memory_mb * MB
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    cpu = limits.film_cpu_seconds if long else limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    size = limits.file_mb * MB
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)


def die_with(parent: int) -> None:
    """End when the process that started us does, however it ended."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit("Nobody waits for this any more.")


def leave_the_network() -> None:
    """Where the kernel lets us: a reader that was tricked then has nobody to tell."""
    ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)
