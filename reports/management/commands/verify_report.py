from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports import proof
from reports.proof.answers import Answer
from reports.proof.judging import judge
from reports.proof.offline import Bundle, NoBundle, opened
from reports.proof.reading import Apart


class Command(BaseCommand):
    help = (
        "Says whether a PDF is a genuine export. Ends with 0 if it is (also if there is a newer"
        " one, or it was withdrawn: read the answer), else with 1."
    )
    requires_system_checks: list[str] = []  # --offline works where there is no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--offline",
            type=Path,
            metavar="BUNDLE",
            help="check against a bundle (see export_proof), without any database",
        )

    def handle(self, *args: Any, file: Path, offline: Path | None, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        answer = self.by_bundle(file, offline) if offline else proof.check(file)
        self.tell(answer)
        if not answer.is_genuine:
            raise SystemExit(1)

    def by_bundle(self, file: Path, place: Path) -> Answer:
        try:
            bundle = opened(place)
        except NoBundle as error:
            raise CommandError(str(error)) from None
        answer = judge(file, register=bundle, reader=Apart())
        self.tell_what_it_rests_on(bundle)
        return answer

    def tell_what_it_rests_on(self, bundle: Bundle) -> None:
        """An answer is worth as much as the bundle: these can be compared with the centre's."""
        for fingerprint in sorted(bundle.certificates):
            self.stdout.write(f"Bundle's certificate: {fingerprint}\n")
        for name, (length, head) in sorted(bundle.heads.items()):
            self.stdout.write(f"Bundle's ledger: {name}, {length} entries, head {head}\n")

    def tell(self, answer: Answer) -> None:
        self.stdout.write(f"{answer.outcome.label}\n")
        if not answer.is_genuine:
            return
        if answer.centre:
            self.stdout.write(f"Centre: {answer.centre}\n")
        self.stdout.write(f"Exported: {answer.made_at:%Y-%m-%d %H:%M} UTC\n")
        self.stdout.write(f"Pages: {answer.pages}\n")
        self.stdout.write(f"Signed: {'yes' if answer.is_signed else 'no'}\n")
        if answer.withdrawn_at:
            self.stdout.write(f"Withdrawn: {answer.withdrawn_at:%Y-%m-%d %H:%M} UTC\n")
