"""Begins to put an archive into the bucket and stops for ever when its first piece has left, still
alive.

python -m tests.reports.bulk.put_and_wait <deposit>
"""

import os
import signal
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from files import bucket  # noqa: E402 - only now are the models ready
from reports.bulk import putting  # noqa: E402


def sent_and_waits(pieces: bucket.Pieces, data: bytes) -> None:
    send(pieces, data)
    print("sent", flush=True)
    while True:
        signal.pause()


send = bucket.Pieces.send
bucket.Pieces.send = sent_and_waits
bucket.PIECE = 5 * 1024 * 1024
putting.put(int(sys.argv[1]))
