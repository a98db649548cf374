"""A Celery app like ours, whose previews' heart beats ten times a second.

celery -A tests.files.previews.quick_worker worker
"""

from typing import Any

from celery.signals import worker_process_init
from django.conf import settings

from config.celery import app  # noqa: F401 - what `-A` looks for


@worker_process_init.connect
def _quicken(**signal_fields: Any) -> None:
    settings.PREVIEW_QUIET_AFTER = 0.6
