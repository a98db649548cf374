from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from zipstream import ZipStream

from accounts.models import Centre
from reports.proof import bundle
from reports.proof.recorded import finished


class Command(BaseCommand):
    help = "Writes what is needed to check exports without our database: see verify_report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("of", help="an export's code, or a centre's short name")
        parser.add_argument("--to", type=Path, help="the ZIP file to write")

    def handle(self, *args: Any, of: str, to: Path | None, **options: Any) -> None:
        target = to or Path(f"proof-{of}.zip")
        packed = self.found(of)
        try:
            with target.open("xb") as file:
                for piece in packed:
                    file.write(piece)
        except FileExistsError:
            raise CommandError(f"{target} exists already.") from None
        except OSError as error:
            target.unlink(missing_ok=True)
            raise CommandError(f"{target} could not be written: {error}.") from None
        self.stdout.write(f"{target}\n")

    def found(self, of: str) -> ZipStream:
        report = finished().filter(code=of).first()
        if report:
            return bundle.of_report(report)
        centre = Centre.objects.filter(slug=of).first()
        if centre:
            return bundle.of_centre(centre)
        raise CommandError(f"Neither an export nor a centre is called {of}.")
