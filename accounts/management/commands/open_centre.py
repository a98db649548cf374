from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts.actions import open_centre


class Command(BaseCommand):
    help = "Opens a new centre and invites its first admin; prints the admin's link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the short name in the centre's addresses")
        parser.add_argument("--name", required=True)
        parser.add_argument("--number", default="", help="the awarding body's centre number")
        parser.add_argument("--admin-name", required=True)
        parser.add_argument("--admin-email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = ("slug", "name", "number", "admin_name", "admin_email")
        try:
            centre, token = open_centre(**{key: options[key] for key in wanted})
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{centre.name} is open at {settings.ORIGIN}/c/{centre.slug}/")
        if token:
            link = settings.ORIGIN + reverse("invitation", args=[token])
            self.stdout.write(f"{options['admin_name']} sets a password at {link}")
