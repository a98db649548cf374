"""The register that the database holds: what its rows say counts only as far as the ledger
says the same."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from ledger.models import Entry, Stream
from ledger.record import first_fault
from reports.models import Report
from reports.proof.answers import Export, RecordBroken
from reports.workflow import ReportStatus


class Database:
    def export_of(self, sha256: str) -> Export | None:
        rows = finished().filter(blob__sha256=sha256).order_by("pk")
        report = rows.select_related("portfolio__centre", "blob").last()
        return vouched(report) if report else None

    def export_with(self, code: str) -> Export | None:
        rows = finished().select_related("portfolio__centre", "blob")
        report = rows.filter(code=code).first()
        return vouched(report) if report else None

    def knows(self, *, codes: Collection[str], certificates: Collection[str]) -> bool:
        ours = finished()
        return (
            ours.filter(code__in=codes).exists()
            or ours.filter(certificate__in=certificates).exists()
        )


def finished() -> QuerySet[Report]:
    return Report.objects.filter(status=ReportStatus.DONE, blob__isnull=False)


def vouched(report: Report) -> Export:
    """As the ledger tells it; RecordBroken where the row says otherwise, or the chain breaks."""
    made = _told_of(report, "report_made")
    blob = report.blob
    if made is None or blob is None or first_fault(Stream.objects.get(pk=made.stream_id)):
        raise RecordBroken
    facts = made.facts
    said = (facts["sha256"], facts.get("certificate", ""), facts.get("code", report.code))
    if said != (blob.sha256, report.certificate, report.code) or not _covers(made):
        raise RecordBroken
    return Export(
        code=report.code,
        sha256=blob.sha256,
        certificate=report.certificate,
        made_at=made.at,
        pages=facts["pages"],
        withdrawn_at=_withdrawn_at(report),
        has_newer=report.newer() is not None,
        centre=facts.get("centre", ""),
    )


def _told_of(report: Report, verb: str) -> Entry | None:
    subject = f"{report._meta.label_lower}:{report.pk}"
    entries = Entry.objects.filter(stream_id=report.portfolio.stream, verb=verb, subject=subject)
    return entries.order_by("sequence").last()


def _covers(made: Entry) -> bool:
    """Whether the head that is printed in the PDF is that of the chain at that place."""
    length, head = made.facts["covers_length"], made.facts["covers_head"]
    if not length:
        return head == ""
    return Entry.objects.filter(stream_id=made.stream_id, sequence=length, hash=head).exists()


def _withdrawn_at(report: Report) -> datetime | None:
    told = _told_of(report, "report_withdrawn")
    return told.at if told else report.withdrawn_at
