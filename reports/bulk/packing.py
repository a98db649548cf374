"""The archive of many exports: what lies in it, under which names, in an order that stays."""

import csv
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.lists.files import harmless
from files import store
from files.models import Blob
from reports.bulk.zips import Archive, Member
from reports.models import Bulk, Report

CHUNK = 256 * 1024
LONGEST_NAME = 60  # of each part; systems refuse names of more than 255 bytes
FORBIDDEN = '/\\:*?"<>|'


def archive_of(bulk: Bulk, reports: Sequence[Report], lost: Sequence[Report] = ()) -> Archive:
    """For the same rows the same bytes, whoever asks, as often as they ask. Those that the store
    has `lost` are named in its index."""
    outdated = bulk.reports.outdated().select_related("portfolio__learner")
    left_out = outdated.order_by("portfolio__learner__name", "pk")
    table = index_of(reports, [*left_out, *lost])
    index = Member.of("index.csv", _local(bulk.requested_at), table)
    return Archive([index, *map(_member, reports)])


def etag_of(archive: Archive, reports: Iterable[Report]) -> str:
    """The check sums in an archive are short; the PDFs' digests are not."""
    known = [archive.digest, *(report.blob.sha256 for report in reports if report.blob)]
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


def file_name(report: Report) -> str:
    """Such as: Amira Khan – R-1 – ABCDE23456.pdf; the code is given out once."""
    portfolio = report.portfolio
    told = (portfolio.learner.name, portfolio.registration_number, report.code)
    return " – ".join(part for part in map(harmless_name, told) if part) + ".pdf"


def harmless_name(text: str) -> str:
    """What leads to no other folder, and every system takes for a part of a file's name."""
    plain = "".join(c for c in text if c.isprintable() and c not in FORBIDDEN)
    return plain.strip(" .")[:LONGEST_NAME]


def index_of(reports: Iterable[Report], left_out: Iterable[Report] = ()) -> bytes:
    """As a table: spreadsheets open it, and take no cell for a formula. What is left out is there
    with the reason."""
    page = io.StringIO()
    lines = csv.writer(page)
    lines.writerow(
        [
            *(_("Name"), _("Registration number"), _("File"), _("Pages")),
            *(_("SHA-256"), _("Code"), _("Why it is not here")),
        ]
    )
    for report in reports:
        portfolio, sha256 = report.portfolio, report.blob.sha256 if report.blob else ""
        told = (portfolio.learner.name, portfolio.registration_number, file_name(report))
        lines.writerow([*map(harmless, told), report.pages or "", sha256, report.code, ""])
    for report in left_out:
        who = (report.portfolio.learner.name, report.portfolio.registration_number)
        why = report.withheld() or _("This PDF is no longer in the store. Export again.")
        lines.writerow([*map(harmless, who), "", "", "", report.code, why])
    return b"\xef\xbb\xbf" + page.getvalue().encode()


def _member(report: Report) -> Member:
    blob, crc32 = report.blob, report.crc32
    if blob is None or crc32 is None or report.finished_at is None:
        raise ValueError(f"Export {report.pk} is not ready for an archive.")
    at = _local(report.finished_at)
    return Member(file_name(report), at, blob.size, crc32, lambda span: _bytes(blob, span))


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment)


def _bytes(blob: Blob, span: range) -> Iterator[bytes]:
    """From the store, wherever it lies; no copy is made on the way."""
    left = len(span)
    with store.open_blob(blob, span) as file:
        while left:
            data = file.read(min(CHUNK, left))
            if not data:
                raise OSError(f"The bytes of file {blob.sha256} end too early.")
            left -= len(data)
            yield data


def prepare(report_id: int) -> None:
    """Here, so that whoever asks for the archive need not wait while all of it is read."""
    made = Report.objects.given_out().filter(pk=report_id, crc32=None).exclude(bulk=None)
    for report in made.select_related("blob"):
        find_checksum(report)


def find_checksum(report: Report) -> bool:
    """Read the PDF's check sum, once for all; False where the store has lost the PDF."""
    if report.blob is None:
        return False
    if report.crc32 is None:
        crc32 = 0
        try:
            for data in _bytes(report.blob, range(report.blob.size)):
                crc32 = zlib.crc32(data, crc32)
        except OSError:
            return False
        Report.objects.filter(pk=report.pk).update(crc32=crc32)
        report.crc32 = crc32
        return True
    return store.has(report.blob.sha256)
