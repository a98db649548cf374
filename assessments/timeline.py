"""Everything that happened to a unit, an item of evidence or a claim, as the ledger holds it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.freezing import digest
from assessments.models import Submission
from ledger.models import Entry, Stream
from ledger.record import first_fault
from portfolio.hiding.guards import hidden_in, without
from portfolio.models import Claim, Enrolment, Evidence, Portfolio

# What people read; a verb that is not here is read as it is spelt.
WORDS: dict[str, Promise] = {
    "enrolled": _("Enrolled on the unit"),
    "enrolment_withdrawn": _("Withdrawn from the unit"),
    "enrolment_reinstated": _("Back on the unit"),
    "assessor_allocated": _("Assessor allocated"),
    "allocation_ended": _("Assessor taken off"),
    "evidence_created": _("Evidence begun"),
    "version_made": _("New version begun"),
    "draft_withdrawn": _("Draft given up"),
    "evidence_submitted": _("Submitted"),
    "claim_judged": _("Claim judged, as a draft"),
    "submission_accepted": _("Accepted"),
    "submission_returned": _("Returned"),
    "decision_undone": _("Decision undone within a minute"),
    "decision_withdrawn": _("Decision withdrawn"),
    "unit_signed_off": _("Unit signed off"),
    "unit_signed_off_provisionally": _("Unit signed off by a trainee"),
    "unit_countersigned": _("Countersigned"),
    "countersignature_refused": _("Not countersigned"),
    "sign_off_withdrawn": _("Sign-off withdrawn"),
    "appeal_made": _("Appeal made"),
    "appeal_upheld": _("Appeal upheld"),
    "appeal_rejected": _("Appeal not upheld"),
    "appeal_given_up": _("Appeal given up"),
    "redacted": _("Something was hidden in it"),
    "original_opened": _("The original was opened"),
    "testimony_given": _("Testimony given"),
    "witness_invited": _("Witness asked"),
    "witness_invitation_resent": _("Witness invitation resent"),
    "witness_invitation_withdrawn": _("Witness invitation withdrawn"),
    "place_added": _("Place marked"),
    "place_moved": _("Place moved"),
    "place_removed": _("Place taken away"),
    "plan_made": _("Plan made"),
    "plan_changed": _("Plan changed"),
    "plan_agreed": _("Plan agreed"),
    "plan_reviewed": _("Plan reviewed"),
    "plan_action_done": _("Plan action done"),
    "plan_action_reopened": _("Plan action reopened"),
    "action_point_done": _("Action point done"),
    "action_point_reopened": _("Action point reopened"),
    "record_planned": _("Record planned"),
    "record_plan_changed": _("Record plan changed"),
    "record_begun": _("Record begun"),
    "record_shared": _("Record shared"),
    "record_taken_back": _("Record taken back"),
    "record_questioned": _("Record questioned"),
    "record_confirmed": _("Record confirmed"),
    "record_amended": _("Record amended"),
    "record_cancelled": _("Record cancelled"),
    "questions_chosen": _("Questions chosen"),
    "questions_answered": _("Questions answered"),
    "decisions_imported": _("Decisions imported"),
    "import_taken_back": _("Import taken back"),
    "learner_details_changed": _("Learner's details changed"),
    "report_requested": _("Export asked for"),
    "report_made": _("Export made"),
    "report_downloaded": _("Copy of an export taken"),
    "report_withdrawn": _("Export withdrawn"),
    "report_cancelled": _("Export stopped"),
    "report_retried": _("Export asked for again"),
}
DECISIONS = {"submission_accepted", "submission_returned"}
# What each of these entries is about was decided before, and is not any more.
TAKES_BACK = {
    "decision_undone": DECISIONS,
    "decision_withdrawn": DECISIONS,
    "sign_off_withdrawn": {
        "unit_signed_off",
        "unit_signed_off_provisionally",
        "unit_countersigned",
    },
}
# An assessor's own until the decision is sent.
UNSENT = {"claim_judged", "place_added", "place_moved", "place_removed"}
# Whose words may be read here again by whoever sees the unit.
SAID_IN = DECISIONS | {
    "decision_withdrawn",
    "sign_off_withdrawn",
    "countersignature_refused",
    "appeal_made",
    "appeal_upheld",
    "appeal_rejected",
}
WHY = ("reason", "grounds", "answer", "feedback")
ITEM = ("evidence", "version", "enrolment")
Key = tuple[Any, Any, Any]


@dataclass(frozen=True)
class Happening:
    """One entry, as a line of the timeline."""

    entry: Entry
    hidden: Sequence[str] = ()  # words that are hidden in the evidence by now
    is_taken_back: bool = False  # by a later entry

    @property
    def words(self) -> str | Promise:
        plain = self.entry.verb.replace("_", " ").replace(".", " ").capitalize()
        words = WORDS.get(self.entry.verb, plain)
        if self.is_taken_back:
            return _t("%(decision)s – taken back since") % {"decision": words}
        return words

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.entry.facts

    @property
    def plain_facts(self) -> list[tuple[str, Any]]:
        """What is not said elsewhere on the line, and is no list."""
        shown = {"evidence", "version", "frozen_sha256", "marked_against_sha256"}
        rows = self.entry.facts.items()
        return [
            (name.replace("_", " "), value)
            for name, value in rows
            if name not in shown and value not in (None, "", []) and not isinstance(value, list)
        ]

    @property
    def judgements(self) -> list[Mapping[str, Any]]:
        return self.entry.facts.get("judgements", [])

    @property
    def submission(self) -> int | None:
        """For the link of staff to the marking page."""
        model, _colon, pk = self.entry.subject.partition(":")
        return int(pk) if model == "assessments.submission" and pk.isdecimal() else None

    @property
    def said(self) -> list[tuple[str, str]]:
        if self.entry.verb not in SAID_IN:
            return []
        said = [(each.name, each.text) for each in self.entry.sealed.all()]
        return [(name.replace("_", " "), without(text, self.hidden)) for name, text in said]

    @property
    def why(self) -> str:
        """The words that stand on the line itself; the others are in the whole entry."""
        return next((text for name, text in self.said if name in WHY), "")


def of_unit(enrolment: Enrolment, seen_by: User) -> list[Happening]:
    named = Q(facts__enrolment=enrolment.pk) | Q(subject=f"portfolio.enrolment:{enrolment.pk}")
    return _happenings(enrolment.portfolio, _entries(enrolment.portfolio).filter(named), seen_by)


def of_item(evidence: Evidence, seen_by: User) -> list[Happening]:
    return _happenings(evidence.portfolio, _of_item(evidence), seen_by)


def of_claim(claim: Claim, seen_by: User) -> list[Happening]:
    evidence = claim.version.evidence
    rows = [each for each in _of_item(evidence) if _concerns(each.facts, claim)]
    return _happenings(evidence.portfolio, rows, seen_by)


def _entries(portfolio: Portfolio) -> QuerySet[Entry]:
    rows = Entry.objects.filter(stream=portfolio.stream).order_by("-sequence")
    return rows.select_related("actor").prefetch_related("sealed")


def _of_item(evidence: Evidence) -> QuerySet[Entry]:
    return _entries(evidence.portfolio).filter(facts__evidence=evidence.number)


def _concerns(facts: Mapping[str, Any], claim: Claim) -> bool:
    """Entries that name claims name this one; others are of its version and its unit."""
    if "claim" in facts:
        return facts["claim"] == claim.pk
    named = [*facts.get("judgements", ()), *_with_claim(facts.get("claims", ()))]
    if named:
        return any(each["claim"] == claim.pk for each in named)
    version, enrolment = facts.get("version"), facts.get("enrolment")
    return version in (None, claim.version.number) and enrolment in (None, claim.enrolment_id)


def _with_claim(rows: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    return (each for each in rows if isinstance(each, Mapping) and "claim" in each)


def _happenings(portfolio: Portfolio, entries: Iterable[Entry], seen_by: User) -> list[Happening]:
    """Newest first, without what an assessor has not sent yet, and without words that were
    hidden since: the comments on a place are sealed as they were."""
    hidden = hidden_in(portfolio)
    taken_back: set[tuple[str, str]] = set()
    found = []
    for each in _sent(entries, seen_by):
        words = hidden.get(each.facts.get("evidence"), ())
        found.append(Happening(each, words, (each.subject, each.verb) in taken_back))
        taken_back |= {(each.subject, verb) for verb in TAKES_BACK.get(each.verb, ())}
    return found


def _sent(entries: Iterable[Entry], seen_by: User) -> Iterator[Entry]:
    """A colleague's judgements beside the decision were never sent; their places were."""
    decided: set[Key] = set()
    by_decider: set[tuple[Key, int | None]] = set()
    for entry in entries:
        evidence, version, enrolment = (entry.facts.get(name) for name in ITEM)
        key = (evidence, version, enrolment)
        if entry.verb in DECISIONS:
            decided.add(key)
            by_decider.add((key, entry.actor_id))
        own = entry.verb not in UNSENT or entry.actor_id == seen_by.pk
        is_place = entry.verb != "claim_judged" and key in decided
        if own or is_place or (key, entry.actor_id) in by_decider:
            yield entry


# Checking ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """What checking a portfolio's chain found: `fault` and `altered` are empty when all holds."""

    length: int
    head: str
    fault: str
    altered: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.fault and not self.altered


def check(portfolio: Portfolio) -> Check:
    """Every entry against the one before it, and what was decided on against its digest."""
    stream = Stream.objects.filter(name=portfolio.stream).first()
    if stream is None:
        return Check(0, "", "", ())
    fault = first_fault(stream)
    return Check(stream.length, stream.head, str(fault or ""), tuple(_altered(portfolio)))


def _altered(portfolio: Portfolio) -> Iterator[str]:
    """Decisions whose evidence or wording is no longer what the ledger says."""
    entries = Entry.objects.filter(stream=portfolio.stream, verb__in=DECISIONS)
    by_subject = {each.subject: each.facts for each in entries}
    rows = Submission.objects.filter(enrolment__portfolio=portfolio).exclude(decided_at=None)
    for each in rows.select_related("version__evidence").iterator(chunk_size=100):
        facts = by_subject.get(f"assessments.submission:{each.pk}", {})
        held = {
            "frozen_sha256": digest(each.frozen),
            "marked_against_sha256": digest(each.marked_against),
        }
        if any(facts.get(name) not in (None, "", found) for name, found in held.items()):
            yield f"{each.version.evidence.number}, {each.version.number}"
