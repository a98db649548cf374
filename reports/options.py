"""What whoever asks for an export chose; kept with the export as plain data."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    WHOLE = "whole", _("The whole portfolio")
    UNITS = "units", _("Only the units you choose")
    SUMMARY = "summary", _("A summary, without the evidence")


class Paper(models.TextChoices):
    A4 = "A4", _("A4")
    LETTER = "letter", _("US Letter")


@dataclass(frozen=True)
class Options:
    scope: Scope = Scope.WHOLE
    units: tuple[int, ...] = ()  # enrolments, sorted; only with Scope.UNITS
    feedback: bool = True
    originals: bool = True  # the original files inside the PDF
    unredacted: str = ""  # the data lead's reason for showing what was hidden; "" hides it
    paper: Paper = Paper.A4
    language: str = settings.LANGUAGE_CODE  # of the labels

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """From a report's row; what an older row does not name has its default."""
        known = {**asdict(cls()), **kept}
        return cls(
            **{
                **known,
                "scope": Scope(known["scope"]),
                "units": tuple(known["units"]),
                "paper": Paper(known["paper"]),
            }
        )

    def kept(self) -> dict[str, Any]:
        """As a report's row keeps it."""
        return {**asdict(self), "units": sorted(self.units)}
