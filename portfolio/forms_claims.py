"""The shape of what a learner claims: ticked criteria, and where in the evidence each is shown."""

import json
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import SeveralRows
from portfolio.actions import Seen
from portfolio.anchors.ground import Ground
from portfolio.anchors.typed import FIELDS, place_from
from portfolio.models import MAX_PLACE, EvidenceVersion
from standards.models import Criterion

LONGEST_ID = 18  # digits
LONGEST_ANCHOR = 10_000  # letters of JSON
LONGEST_TYPED = 3_000


class ClaimsForm(forms.Form):
    """For the criterion with the id 12: `place-12` in words, `anchor-12` once for each exact place
    as JSON, of which `drop` takes out `12-0`, the first; and `in-12`, `words-12` … for one more
    that is typed. `seen-criteria` and `seen-anchors` say what the page knew."""

    criterion = SeveralRows(
        label=_("Criteria"),
        queryset=Criterion.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": _("One of these criteria is not in a unit you are working on.")
        },
    )

    def __init__(self, *args: Any, version: EvidenceVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        editions = version.evidence.open_units().values("edition")
        self.fields["criterion"].queryset = Criterion.objects.filter(edition__in=editions)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._anchors: dict[int, list[Any]] = {}
        for criterion in cleaned.get("criterion", []):
            if len(self.place(criterion.pk)) > MAX_PLACE:
                sentence = _("say where in it in at most %(longest)d letters.")
                self._refuse(criterion, sentence % {"longest": MAX_PLACE})
            self._clean_anchors(criterion)
        return cleaned

    def _clean_anchors(self, criterion: Criterion) -> None:
        self._anchors[criterion.pk] = self.marked(criterion.pk)
        try:
            more = place_from(self.typed(criterion.pk), self._ground)
        except ValidationError as error:
            self._refuse(criterion, *error.messages)
        else:
            self._anchors[criterion.pk] += [more] if more else []

    def _refuse(self, criterion: Criterion, *sentences: str) -> None:
        for sentence in sentences:
            words = _("%(code)s: %(sentence)s") % {"code": criterion.code, "sentence": sentence}
            self.add_error("criterion", ValidationError(words, code=str(criterion.pk)))

    @cached_property
    def _ground(self) -> Ground:
        return Ground(self.version)

    def ticked(self) -> list[int]:
        """The criteria as they were sent, known or not."""
        sent = self.data.getlist("criterion")
        return [int(pk) for pk in sent if pk.isdecimal() and len(pk) <= LONGEST_ID]

    def place(self, pk: int) -> str:
        return self.data.get(f"place-{pk}", "").strip().replace("\x00", "")

    def typed(self, pk: int) -> dict[str, str]:
        sent = {name: self.data.get(f"{name}-{pk}", "") for name in FIELDS}
        return {name: each[:LONGEST_TYPED].replace("\x00", "") for name, each in sent.items()}

    def marked(self, pk: int) -> list[Any]:
        """The exact places that were sent, less those to be taken out; what can't be read stays
        in the list, for the action to refuse it."""
        dropped = set(self.data.getlist("drop"))
        sent = enumerate(self.data.getlist(f"anchor-{pk}"))
        return [_from_json(each) for at, each in sent if f"{pk}-{at}" not in dropped]

    def places(self) -> dict[int, str]:
        return {each.pk: self.place(each.pk) for each in self.cleaned_data["criterion"]}

    def anchors(self) -> dict[int, list[Any]]:
        return self._anchors

    def seen(self) -> Seen | None:
        """What the page had when it was loaded; nothing from a form that does not say."""
        if "seen-anchors" not in self.data:
            return None
        return Seen(self._ids("seen-criteria"), self._ids("seen-anchors"))

    def _ids(self, name: str) -> frozenset[int]:
        words = self.data.get(name, "").split()
        return frozenset(int(each) for each in words if each.isdecimal() and len(each) < LONGEST_ID)

    def errors_by_criterion(self) -> dict[str, list[str]]:
        """For scripts: under the criterion's id, or under "" what is about none of them."""
        found: dict[str, list[str]] = {}
        for errors in self.errors.as_data().values():
            for error in errors:
                about = error.code if (error.code or "").isdecimal() else ""
                found.setdefault(about or "", []).extend(error.messages)
        return found


def _from_json(text: str) -> Any:
    try:
        return json.loads(text) if len(text) <= LONGEST_ANCHOR else None
    except (ValueError, RecursionError):
        return None
