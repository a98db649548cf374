"""A Celery app like ours, with a task that takes as much memory as it is told to.

celery -A tests.reports.growing_worker worker
"""

import os
from pathlib import Path

from config.celery import app

TASK = "tests.reports.take_memory"


@app.task(name=TASK)
def take_memory(megabytes: int, told: str) -> None:
    """Each run leaves its process's number in the file that it is told."""
    held = b"x" * (megabytes * 1024 * 1024)
    with Path(told).open("a") as file:
        file.write(f"{os.getpid()}\n")
    del held
