from typing import Any

from django.core.management.base import BaseCommand

from files import store


class Command(BaseCommand):
    help = "Remove files that were left half-written more than a day ago."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{store.sweep()} half-written files removed.")
