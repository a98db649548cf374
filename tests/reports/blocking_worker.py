"""A Celery app like ours, whose worker stops for ever in the middle of a PDF, still alive.

celery -A tests.reports.blocking_worker worker
"""

import signal
from pathlib import Path
from typing import Any

from celery.signals import worker_process_init
from django.conf import settings

from config.celery import app  # noqa: F401 - what `-A` looks for

PAGES = 6


@worker_process_init.connect
def _block(**signal_fields: Any) -> None:
    from reports import making  # noqa: PLC0415 - only now are the models ready
    from reports.workflow import Stage  # noqa: PLC0415

    def lay_out_and_wait(portfolio: object, folder: Path, attempt: Any) -> None:
        for page in range(PAGES):
            attempt.tell(Stage.PAGES, 30, count=page, of=PAGES)
        while True:
            signal.pause()

    settings.REPORT_QUIET_AFTER = 0.6  # so that the heart beats ten times a second
    making.produce = lay_out_and_wait
