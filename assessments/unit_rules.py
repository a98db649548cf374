"""What a centre asks of a unit's evidence beyond every criterion being met, and what of that is
unmet: one sentence a rule, the same at sign-off and as a hint before it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Prefetch
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import MethodRule, UnitRules
from portfolio.models import Claim, Enrolment, ImportedDecision, Method
from portfolio.workflow import ClaimStatus
from standards.models import Criterion

Place = tuple[int, int]  # a centre and an edition


@dataclass
class Shown:
    """What a unit's met claims rest on: their pieces, and each criterion's methods."""

    pieces: set[int] = field(default_factory=set)
    methods: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    imported: set[int] = field(default_factory=set)

    @property
    def is_direct(self) -> bool:
        return any(Method(each).is_direct for found in self.methods.values() for each in found)


def rules_in(places: Iterable[Place]) -> dict[Place, UnitRules]:
    """The rules of these centres for these editions, with the methods they name."""
    wanted = set(places)
    methods = MethodRule.objects.select_related("criterion")
    rows = UnitRules.objects.filter(
        centre__in={centre for centre, _edition in wanted},
        edition__in={edition for _centre, edition in wanted},
    ).prefetch_related(Prefetch("methods", methods))
    return {(row.centre_id, row.edition_id): row for row in rows}


def rules_of(enrolment: Enrolment) -> UnitRules | None:
    place = _place(enrolment)
    return rules_in([place]).get(place)


def needs_piece_for_each_point(rules: UnitRules | None) -> bool:
    """The rule where a centre has said nothing, too."""
    return rules is None or rules.piece_per_point


def unmet_rules(enrolments: Sequence[Enrolment]) -> dict[int, list[str]]:
    """By enrolment, a sentence for each rule that is unmet, in a fixed number of queries.

    A criterion that was imported is not judged again, so nothing is asked of its evidence; and
    of a unit that was imported whole, no evidence is asked at all.
    """
    rules = rules_in(map(_place, enrolments))
    ruled = [each for each in enrolments if _place(each) in rules]
    if not ruled:
        return {each.pk: [] for each in enrolments}
    shown = _shown(ruled)
    criteria = _criteria(ruled)
    unmet = {each.pk: [] for each in enrolments}
    for each in ruled:
        asked = criteria[each.edition_id] - shown[each.pk].imported
        unmet[each.pk] = _sentences(rules[_place(each)], shown[each.pk], asked)
    return unmet


def _place(enrolment: Enrolment) -> Place:
    return enrolment.portfolio.centre_id, enrolment.edition_id


def _criteria(enrolments: Sequence[Enrolment]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    editions = {each.edition_id for each in enrolments}
    for edition, pk in Criterion.objects.filter(edition__in=editions).values_list("edition", "pk"):
        found[edition].add(pk)
    return found


def _shown(enrolments: Sequence[Enrolment]) -> dict[int, Shown]:
    shown: dict[int, Shown] = defaultdict(Shown)
    met = Claim.objects.filter(enrolment__in=enrolments, status=ClaimStatus.MET).order_by()
    rows = met.values_list("enrolment", "criterion", "version__evidence", "version__method")
    for enrolment, criterion, piece, method in rows:
        shown[enrolment].pieces.add(piece)
        shown[enrolment].methods[criterion].add(method)
    imported = ImportedDecision.objects.in_force().filter(enrolment__in=enrolments).order_by()
    for enrolment, criterion in imported.values_list("enrolment", "criterion"):
        shown[enrolment].imported.add(criterion)
    return shown


def _sentences(rules: UnitRules, shown: Shown, asked: set[int]) -> list[str]:
    if not asked:
        return []
    return [*_by_method(rules, shown, asked), *_too_few(rules, shown), *_indirect(rules, shown)]


def _by_method(rules: UnitRules, shown: Shown, asked: set[int]) -> list[str]:
    """The criteria that lack the same methods share a sentence."""
    lacking: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for criterion, found in groupby(rules.methods.all(), lambda rule: rule.criterion):
        if criterion.pk in asked:
            for methods in _lacked(list(found), shown.methods.get(criterion.pk, set())):
                lacking[methods].append(criterion.code)
    return [_need(codes, methods) for methods, codes in lacking.items()]


def _lacked(rules: Sequence[MethodRule], used: set[str]) -> list[tuple[str, ...]]:
    """Each required method that is missing; else those that are allowed, if none was used."""
    required = [rule.method for rule in rules if rule.kind == MethodRule.Kind.REQUIRED]
    missing = [(method,) for method in required if method not in used]
    allowed = tuple(rule.method for rule in rules)
    only_some = len(allowed) > len(required)
    if only_some and not missing and used.isdisjoint(allowed):
        return [allowed]
    return missing


def _need(codes: Sequence[str], methods: Sequence[str]) -> str:
    sentence = ngettext(
        "%(codes)s needs evidence by %(methods)s.",
        "%(codes)s need evidence by %(methods)s.",
        len(codes),
    )
    return sentence % {
        "codes": get_text_list(codes, _("and")),
        "methods": get_text_list([_in_words(each) for each in methods], _("or")),
    }


def _in_words(method: str) -> str:
    return str(Method(method).label).lower()


def _too_few(rules: UnitRules, shown: Shown) -> list[str]:
    if len(shown.pieces) >= rules.minimum_pieces:
        return []
    sentence = ngettext(
        "At least %(minimum)d piece of evidence is needed. So far: %(count)d.",
        "At least %(minimum)d pieces of evidence are needed. So far: %(count)d.",
        rules.minimum_pieces,
    )
    return [sentence % {"minimum": rules.minimum_pieces, "count": len(shown.pieces)}]


def _indirect(rules: UnitRules, shown: Shown) -> list[str]:
    if not rules.needs_direct or shown.is_direct:
        return []
    direct = [_in_words(each) for each in Method if each.is_direct]
    sentence = _("At least one piece has to show competence directly, by %(methods)s.")
    return [sentence % {"methods": get_text_list(direct, _("or"))}]


def snapshot(rules: UnitRules | None) -> dict[str, object]:
    """The rules as they stood, for the ledger's entry of a sign-off."""
    return {
        "minimum_pieces": rules.minimum_pieces if rules else 0,
        "needs_direct": bool(rules and rules.needs_direct),
        "piece_per_point": needs_piece_for_each_point(rules),
        "methods": [
            {"criterion": rule.criterion_id, "kind": rule.kind, "method": rule.method}
            for rule in (rules.methods.all() if rules else ())
        ],
    }
