"""Making one report: facts, parts, PDF, attachments, signature, and the finished row with its
ledger entry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from files.actions import keep_bytes
from ledger.record import record
from reports import cuts, embedding, facts, kept, pictures, signing, workshop
from reports.attempt import Attempt
from reports.gather import gather
from reports.limits import Limits
from reports.models import ExportRules, Report
from reports.parts.hands import share_out
from reports.parts.printing import Printer
from reports.pictures import Prepared
from reports.workflow import Stage

CHUNK = 1024 * 1024

# Where the bar stands when a stage begins.
STARTS = {
    Stage.READING: 2,
    Stage.PICTURES: 5,
    Stage.PAGES: 20,
    Stage.JOINING: 80,
    Stage.FILES: 86,
    Stage.SIGNING: 92,
    Stage.SAVING: 95,
}
END = 99


@dataclass(frozen=True)
class Made:
    """A PDF on disk."""

    path: Path
    pages: int
    certificate: str = ""  # SHA-256 of the one that signed it


def make(report_id: int) -> None:
    """Make a report that waits; does nothing for one that is made, failed or in other hands."""
    attempt = Attempt.at(report_id)
    if attempt is None:
        return
    with attempt, workshop.folder(attempt.report) as folder:
        attempt.tell(Stage.READING, STARTS[Stage.READING])
        report = attempt.report
        portfolio = gather(report.portfolio_id, options=report.options, proof=_proof(report))
        made = produce(portfolio, folder, attempt)
        attempt.tell(Stage.SAVING, STARTS[Stage.SAVING])
        _save(attempt, portfolio, made)


def _proof(report: Report) -> facts.Proof:
    """A certificate that cannot be used is found out here, before the long work."""
    return facts.Proof(
        code=report.code,
        url=settings.ORIGIN + reverse("proof:verify", args=[report.code]),
        signer=signing.signer_of(report.portfolio.centre),
    )


def produce(portfolio: facts.Portfolio, folder: Path, attempt: Attempt) -> Made:
    """The finished file: printed, with the originals inside, signed; all of it says what it says
    in one language."""
    with translation.override(portfolio.options.language):
        return _produce(portfolio, folder, attempt)


def _produce(portfolio: facts.Portfolio, folder: Path, attempt: Attempt) -> Made:
    printed = print_out(portfolio, folder, attempt, hands=_hands(attempt.report))
    centre = attempt.report.portfolio.centre
    filled, signed = folder / "filled.pdf", folder / "signed.pdf"
    embedding.embed(
        pdf=printed.path,
        portfolio=portfolio,
        rules=Limits.of(ExportRules.objects.filter(centre=centre).first()),
        target=filled,
        on_file=_Bar(attempt, Stage.FILES),
    )
    printed.path.unlink()  # with many originals each of these is large
    attempt.tell(Stage.SIGNING, STARTS[Stage.SIGNING])
    certificate = signing.sign(pdf=filled, centre=centre, target=signed)
    filled.unlink()
    return Made(signed, printed.pages, certificate)


def print_out(portfolio: facts.Portfolio, folder: Path, attempt: Attempt, *, hands: int) -> Made:
    """The pages alone, by so many processes; what was printed before and has not changed is not
    laid out again."""
    # What was hidden, and is shown this once, stays nowhere.
    cache = None if portfolio.options.unredacted else kept.parts_of(portfolio)
    printer = Printer(
        portfolio,
        folder,
        lost=pictures.lost(portfolio.kept),
        hands=hands,
        cache=cache,
    )
    target = folder / "portfolio.pdf"
    pages = printer.write(
        target,
        prepare=_Pictures(portfolio, folder, attempt, hands),
        on_part=_Bar(attempt, Stage.PAGES),
        on_join=_Bar(attempt, Stage.JOINING),
    )
    return Made(target, pages)


def _hands(report: Report) -> int:
    """One alone may use the whole machine. Of many, each worker's own takes one process: the
    others fill the rest, and shared out they only get in each other's way."""
    return 1 if report.bulk_id else settings.REPORT_HANDS


@dataclass(frozen=True)
class _Bar:
    """How far a stage has come, on the bar between its start and the next one's."""

    attempt: Attempt
    stage: Stage

    def __call__(self, done: int, many: int) -> None:
        start = STARTS[self.stage]
        end = min((each for each in STARTS.values() if each > start), default=END)
        percent = start + (end - start) * done // max(many, 1)
        self.attempt.tell(self.stage, percent, count=done, of=many)


@dataclass(frozen=True)
class _Pictures:
    """Prepares those that parts ask for, by name."""

    portfolio: facts.Portfolio
    folder: Path
    attempt: Attempt
    hands: int

    def __call__(self, wanted: frozenset[str]) -> Iterable[Prepared]:
        bar, many = _Bar(self.attempt, Stage.PICTURES), len(wanted)
        for done, each in enumerate(self._each(wanted), start=1):
            bar(done, many)
            yield each

    def _each(self, wanted: frozenset[str]) -> Iterator[Prepared]:
        photos = sorted(self.portfolio.pictures & wanted)
        places = [each for each in self.portfolio.cuts if each.name in wanted]
        shared = share_out(photos, self._photo, hands=self.hands)
        return chain(
            (prepared for _place, prepared in shared),
            cuts.prepare(places, self.folder),  # reads the database, and so not shared out
        )

    def _photo(self, sha256: str) -> Prepared:
        return next(iter(pictures.prepare([sha256], self.folder)))


def _save(attempt: Attempt, portfolio: facts.Portfolio, made: Made) -> None:
    """The bytes first, then the row and its ledger entry together; without these the bytes go
    again, when the attempt ends."""
    with made.path.open("rb") as file:
        blob = keep_bytes(chunks=iter(lambda: file.read(CHUNK), b""), media_type="application/pdf")
    attempt.kept = blob
    covers = portfolio.record
    with transaction.atomic():
        attempt.finish(
            blob=blob,
            pages=made.pages,
            ledger_head=covers.head,
            certificate=made.certificate,
            hidden_before=portfolio.hidden_before,
        )
        record(
            stream=covers.stream,
            verb="report_made",
            subject=attempt.report,
            by=None,
            facts={
                "report": attempt.report.pk,
                "code": attempt.report.code,
                "sha256": blob.sha256,
                "pages": made.pages,
                "covers_head": covers.head,
                "covers_length": covers.length,
                "certificate": made.certificate,
                "centre": portfolio.centre,  # as the file names it, whatever it is called later
                **attempt.report.series,
            },
        )
