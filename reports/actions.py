"""The verbs of exporting."""

from math import ceil

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from accounts.permissions import refuse_unless
from files.models import Blob
from ledger.record import record
from ledger.transitions import TransitionRefused, move
from portfolio.models import Portfolio
from reports import languages, permissions, telling
from reports.models import Bulk, ExportRules, Report
from reports.options import Options, Scope
from reports.queue import send_on_commit
from reports.workflow import REPORT, ReportStatus

MAX_REASON = 1000
PLAIN = Options()  # what nobody chose otherwise: the whole portfolio


class Withheld(Exception):
    """It was made, but is handed out no longer: it is too old, or was withdrawn."""


@transaction.atomic
def request_report(*, portfolio: Portfolio, by: User, options: Options = PLAIN) -> Report:
    """Ask for a learner's portfolio as a PDF; the same that is under way already is enough."""
    refuse_unless(permissions.can_export(by, portfolio))
    check(options, portfolio, by)
    enrolments = portfolio.enrolments.filter(pk__in=options.units)
    if enrolments.count() != len(options.units):
        raise ValidationError(_("Choose among the units of this learner."))
    return _under_way(portfolio, options) or ask(portfolio, by, options)


def check(options: Options, portfolio: Portfolio, by: User) -> None:
    """Whether somebody may have this portfolio with these options, and they make sense."""
    if options.unredacted:
        refuse_unless(permissions.can_show_hidden(by, portfolio))
        if len(options.unredacted) > MAX_REASON:
            raise ValidationError(_("Say it in %(most)d characters.") % {"most": MAX_REASON})
    if bool(options.units) != (options.scope == Scope.UNITS):
        raise ValidationError(_("Choose at least one unit."))
    if options.language not in dict(languages.installed()):
        raise ValidationError(_("Choose one of the languages."))


def _under_way(portfolio: Portfolio, options: Options) -> Report | None:
    rows = Report.objects.under_way().filter(portfolio=portfolio, bulk=None)
    return next((row for row in rows if row.options == options), None)


def ask(portfolio: Portfolio, by: User, options: Options, bulk: Bulk | None = None) -> Report:
    """The row, what the ledger says of it, and the message to a worker."""
    report = Report.objects.create(
        portfolio=portfolio, requested_by=by, choices=options.kept(), bulk=bulk
    )
    facts: dict[str, str | int] = {"scope": options.scope.value}
    sealed = {"reason": options.unredacted} if options.unredacted else {}
    if sealed:
        facts["shows_hidden"] = True
    _note(report, "report_requested", by, sealed, **facts)
    send_on_commit([report])
    return report


@transaction.atomic
def retry(*, report: Report, by: User) -> None:
    """Once more, with all its attempts before it again."""
    refuse_unless(permissions.can_retry(by, report))
    rounds = ceil(report.attempts / settings.REPORT_ATTEMPTS)
    move(
        report,
        verb="retry",
        table=REPORT,
        # Never a number that a worker had before: it tells a worker that was given up to stop.
        attempts=rounds * settings.REPORT_ATTEMPTS,
        progress=0,
        stage="",
        heartbeat_at=None,
        started_at=None,
        finished_at=None,
    )
    if report.bulk_id:
        Bulk.objects.filter(pk=report.bulk_id).update(told_at=None)
    _note(report, "report_retried", by)
    send_on_commit([report])


@transaction.atomic
def cancel(*, report: Report, by: User) -> None:
    """Nobody needs it any more. A worker that is at it notices, and leaves nothing behind."""
    refuse_unless(permissions.can_cancel(by, report))
    move(
        report,
        verb="cancel",
        table=REPORT,
        finished_at=timezone.now(),
        stage="",
        error="",
        count=0,
        count_of=0,
    )
    _note(report, "report_cancelled", by)
    telling.ended(report)


@transaction.atomic
def withdraw(*, report: Report, reason: str, by: User) -> None:
    """Whoever holds a copy learns from the public page that it no longer counts."""
    refuse_unless(permissions.can_withdraw(by, report))
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise ValidationError(_("Say why you withdraw it. It is kept on record."))
    now = timezone.now()
    standing = Report.objects.filter(pk=report.pk, status=ReportStatus.DONE, withdrawn_at=None)
    moved = standing.update(withdrawn_at=now, withdrawn_by=by, withdrawn_reason=reason)
    report.refresh_from_db()
    if not moved:
        raise TransitionRefused(report.withheld() or report.standing())
    sha256 = report.blob.sha256 if report.blob else ""
    _note(
        report,
        "report_withdrawn",
        by,
        {"reason": reason},
        code=report.code,
        sha256=sha256,
    )


@transaction.atomic
def download(*, report: Report, by: User) -> Blob:
    """The PDF. A portfolio is personal: who took a copy is written before the bytes leave."""
    refuse_unless(permissions.can_download(by, report))
    if report.status != ReportStatus.DONE or report.blob is None:
        raise TransitionRefused(report.standing())
    if reason := report.withheld():
        raise Withheld(reason)
    note_download(report, by)
    return report.blob


def note_download(report: Report, by: User, **facts: str | int) -> None:
    sha256 = report.blob.sha256 if report.blob else ""
    _note(report, "report_downloaded", by, None, sha256=sha256, **facts)


@transaction.atomic
def set_rules(*, centre: Centre, file_up_to_mb: int, files_up_to_mb: int, by: User) -> ExportRules:
    """Which original files go into a centre's PDFs; those made before stay as they are."""
    refuse_unless(permissions.can_set_rules(by, centre))
    if not 0 <= file_up_to_mb <= files_up_to_mb:
        raise ValidationError(_("One file can't be larger than all of them together."))
    ExportRules.objects.get_or_create(centre=centre)
    rules = ExportRules.objects.select_for_update().get(centre=centre)
    before = rules.sizes
    rules.file_up_to_mb, rules.files_up_to_mb = file_up_to_mb, files_up_to_mb
    if rules.sizes != before:
        rules.save()
        record(
            stream=f"centre:{centre.pk}",
            verb="export_rules_changed",
            subject=rules,
            by=by,
            facts={"from": before, "to": rules.sizes},
        )
    return rules


def _note(
    report: Report,
    verb: str,
    by: User,
    sealed: dict[str, str] | None = None,
    **facts: str | int,
) -> None:
    record(
        stream=report.portfolio.stream,
        verb=verb,
        subject=report,
        by=by,
        facts={"report": report.pk, **facts},
        sealed=sealed,
    )
