"""Placeholders in the feedback bank, and the words that take their places.

Filling in happens when a phrase is inserted: from then on the words are the assessor's own.
"""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Submission
from portfolio.models import Claim

# By name: what stands there once it is filled in.
PLACEHOLDERS = {
    "learner": gettext_lazy("the learner's first name"),
    "code": gettext_lazy("the criterion's code, such as P4"),
    "criterion": gettext_lazy("the criterion's words"),
    "place": gettext_lazy("where in the evidence"),
    "evidence": gettext_lazy("the evidence's number and title"),
}
BRACED = re.compile(r"\{(\w*)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Each placeholder that has a value gives way to it; the others stay to be seen to."""
    return BRACED.sub(lambda found: values.get(found[1], found[0]), text)


def refuse_unknown(text: str) -> None:
    unknown = [name for name in BRACED.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        sentence = _("“{%(name)s}” is none of the placeholders: %(names)s.")
        names = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise ValidationError({"text": sentence % {"name": unknown[0], "names": names}})


def values_for(submission: Submission, claim: Claim | None = None) -> dict[str, str]:
    """What the placeholders stand for; of one claim, or of the whole."""
    version = submission.version
    values = {
        "learner": submission.enrolment.portfolio.learner.name.split(" ")[0],
        "evidence": f"{version.evidence.number}. {version.title}",
    }
    return values | (_of_claim(claim) if claim else {})


def _of_claim(claim: Claim) -> dict[str, str]:
    return {
        "code": claim.criterion.code,
        "criterion": claim.criterion.text.rstrip(" .;"),
        "place": _place(claim),
    }


def _place(claim: Claim) -> str:
    """The final places as they are listed; load the claim with its places and their files."""
    places = [each.named_label for each in claim.anchors.all() if not each.replaced_by_id]
    return "; ".join(places) or claim.place or _("all of it")
