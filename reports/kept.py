"""Which printed parts may be used again: of the same portfolio, and printed since something was
last hidden in it. Parts from before may say what is hidden now, and are removed."""

import re
import shutil

from django.conf import settings
from django.db.models import Count

from portfolio.models import Redaction
from reports import facts
from reports.parts.cache import Cache

NAMED = re.compile(r"(\d+)-(\d+)")


def parts_of(portfolio: facts.Portfolio) -> Cache:
    return _cache(of=f"{portfolio.pk}-{portfolio.hidden_before}")


def trim() -> None:
    """All there is together. Looking through thousands of files takes longer than to print one,
    so exports do not wait for it."""
    _cache().trim()


def _cache(of: str = "") -> Cache:
    return Cache(
        settings.REPORT_PARTS_DIR,
        most_bytes=settings.REPORT_PARTS_MB * 1024 * 1024,
        most_days=settings.REPORT_PARTS_DAYS,
        of=of,
    )


def drop_outdated() -> None:
    """Also what an export brought in again that had begun before; and whatever is of nobody."""
    if not settings.REPORT_PARTS_DIR.exists():
        return
    rows = Redaction.objects.order_by().values_list("evidence__portfolio")
    hidden_now = dict(rows.annotate(Count("pk")))
    for folder in settings.REPORT_PARTS_DIR.iterdir():
        told = NAMED.fullmatch(folder.name)
        if told is None or hidden_now.get(int(told[1]), 0) != int(told[2]):
            shutil.rmtree(folder, ignore_errors=True)
