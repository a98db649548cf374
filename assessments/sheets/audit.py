"""The ledger of a centre, or of the portfolios that were chosen: every entry with its hash.

The facts of what an assessor has drafted and may never send are theirs alone; the entry stands
with its hash, so that the chain has no gap. Sealed words are in no file.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.lists import Column, at
from assessments.overview.scope import Scope
from assessments.timeline import UNSENT, Happening
from ledger.models import Entry
from portfolio.models import Portfolio

AT_ONCE = 2000
OF_A_PORTFOLIO = "portfolio:"
A_DRAFT = _("A draft; not shown")


@dataclass(frozen=True)
class Line:
    entry: Entry
    learner: str

    @property
    def at_exactly(self) -> str:
        """As the hash covers it."""
        return self.entry.at.astimezone(UTC).isoformat()

    @property
    def actor(self) -> str:
        return self.entry.actor.name if self.entry.actor else ""

    @property
    def words(self) -> str | Promise:
        return Happening(self.entry).words

    @property
    def facts(self) -> str | Promise:
        if self.entry.verb in UNSENT:
            return A_DRAFT
        return json.dumps(self.entry.facts, sort_keys=True, ensure_ascii=False)


COLUMNS = (
    Column("stream", _("Record"), at("entry.stream_id")),
    Column("number", _("Entry"), at("entry.sequence")),
    Column("when", _("When"), at("entry.at")),
    Column("exactly", _("When exactly, UTC"), at("at_exactly")),
    Column("by", _("Who"), at("actor")),
    Column("actor", _("Who, as a number"), at("entry.actor_id")),
    Column("learner", _("Learner"), at("learner")),
    Column("what", _("What"), at("words")),
    Column("verb", _("What, as recorded"), at("entry.verb")),
    Column("subject", _("Of what"), at("entry.subject")),
    Column("facts", _("Facts"), at("facts")),
    Column("previous", _("Hash of the entry before"), at("entry.previous_hash")),
    Column("hash", _("Hash"), at("entry.hash")),
)


def rows(scope: Scope, since: datetime | None) -> Iterator[Line]:
    """Chain by chain, each in its order; a second statement names the learners of some."""
    chosen = scope.portfolios() if scope.is_narrowed else Portfolio.objects.in_centre(scope.centre)
    names = Concat(Value(OF_A_PORTFOLIO), Cast("pk", CharField()), output_field=CharField())
    streams = chosen.order_by().values_list(names, flat=True)
    found = Entry.objects.filter(stream__in=streams)
    if not scope.is_narrowed:
        found = found | Entry.objects.filter(stream=f"centre:{scope.centre.pk}")
    if since:
        found = found.filter(at__gte=since)
    read = found.select_related("actor").order_by("stream", "sequence")
    return _named(read.iterator(chunk_size=AT_ONCE))


def _named(entries: Iterable[Entry]) -> Iterator[Line]:
    read = iter(entries)
    while some := list(islice(read, AT_ONCE)):
        learners = _learners({each.stream_id for each in some})
        for entry in some:
            yield Line(entry, learners.get(entry.stream_id, ""))


def _learners(streams: set[str]) -> dict[str, str]:
    of_portfolios = (each for each in streams if each.startswith(OF_A_PORTFOLIO))
    pks = [int(each.removeprefix(OF_A_PORTFOLIO)) for each in of_portfolios]
    rows = Portfolio.objects.filter(pk__in=pks).values_list("pk", "learner__name")
    return {f"{OF_A_PORTFOLIO}{pk}": name for pk, name in rows}
