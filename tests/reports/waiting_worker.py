"""A Celery app like ours, whose worker waits in the middle of a PDF until a file is there.

TEST_WAITS_FOR=… celery -A tests.reports.waiting_worker worker
"""

import os
import time
from pathlib import Path
from typing import Any

from celery.signals import worker_process_init

from config.celery import app  # noqa: F401 - what `-A` looks for


@worker_process_init.connect
def _wait(**signal_fields: Any) -> None:
    from reports import making  # noqa: PLC0415 - only now are the models ready
    from reports.workflow import Stage  # noqa: PLC0415

    def make_when_told(portfolio: object, folder: Path, attempt: Any) -> Any:
        attempt.tell(Stage.PAGES, 30)
        while not Path(os.environ["TEST_WAITS_FOR"]).exists():
            time.sleep(0.05)
        target = folder / "signed.pdf"
        target.write_bytes(b"%PDF-1.7")
        return making.Made(target, 1)

    making.produce = make_when_told
