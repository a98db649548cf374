from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger.models import Entry, Stream
from ledger.record import faults


class Command(BaseCommand):
    help = "Checks every chain of the ledger and names the first bad entry of each."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(faults())
        for fault in found:
            self.stderr.write(str(fault))
        if found:
            raise CommandError(f"The ledger does not hold: first bad entry {found[0]}")
        self.stdout.write(
            f"The ledger holds: {Entry.objects.count()} entries"
            f" in {Stream.objects.count()} streams."
        )
