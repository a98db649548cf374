"""Questions and answers as an account to judge, and where in it each answer stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Answer
from portfolio.account import render
from portfolio.anchors.selectors import LONGEST_QUOTE
from portfolio.anchors.texts import account_text, text_of_html
from portfolio.models import EvidenceVersion

_MARKS = re.compile(r"([\\*_])")


@dataclass(frozen=True)
class Passage:
    """One answer in the account: which criteria it was asked for, and its exact place."""

    number: int
    criteria: frozenset[int]
    plain: dict[str, Any] | None  # none where it can't be found again word by word


def account_of(answers: Sequence[Answer]) -> str:
    return "\n\n".join(
        f"**{_heading(number)}** {_escaped(each.asked)}\n\n{each.answered}"
        for number, each in enumerate(answers, 1)
    )


def passages(version: EvidenceVersion, answers: Sequence[Answer]) -> list[Passage]:
    text, at = account_text(version), 0
    found = []
    for number, each in enumerate(answers, 1):
        at = max(text.find(_heading(number), at), at)
        about = each.question.criteria.all() if each.question else []
        criteria = frozenset(criterion.pk for criterion in about)
        found.append(Passage(number, criteria, _place(text, at, each)))
    return found


def _heading(number: int) -> str:
    return _("Question %(number)d.") % {"number": number}


def _escaped(question: str) -> str:
    """A question is no markup; on one line, so that it makes no list either."""
    return _MARKS.sub(r"\\\1", " ".join(question.split()))


def _place(text: str, after: int, answer: Answer) -> dict[str, Any] | None:
    quote = text_of_html(render(answer.answered)).strip()[:LONGEST_QUOTE].rstrip()
    # Past the question's own words, in which the answer's may stand as well.
    asked = " ".join(answer.asked.split())
    begins = text.find(asked, after)
    start = text.find(quote, begins + len(asked) if begins >= 0 else after) if quote else -1
    return {"kind": "passage", "file": None, "quote": quote, "start": start} if start >= 0 else None
