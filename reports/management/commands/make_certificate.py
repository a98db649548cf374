from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Centre
from reports.signing import keys, self_signed


class Command(BaseCommand):
    help = "Makes a certificate with which a centre signs its exports. Never replaces one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("centre", help="the centre's short name, as in its addresses")
        parser.add_argument("--years", type=int, default=3, help="how long it is valid")

    def handle(self, *args: Any, centre: str, years: int, **options: Any) -> None:
        found = Centre.objects.filter(slug=centre).first()
        if found is None:
            raise CommandError(f"There is no centre {centre}.")
        if not 1 <= years <= 10:
            raise CommandError("A certificate is valid for 1 to 10 years.")
        try:
            place = self_signed.make(found, years=years)
        except FileExistsError as kept:
            raise CommandError(
                f"{centre} has a certificate already: {kept}. Move it away first."
            ) from None
        except OSError as error:
            raise CommandError(f"The certificate could not be kept: {error}.") from None
        self.stdout.write(f"{place}\n")
        with keys.signer(found) as signer:
            if signer is not None:
                self.stdout.write(f"SHA-256 {keys.fingerprint(signer)}\n")
