"""A portfolio's facts, narrowed to what whoever asked for the export chose."""

from collections.abc import Iterable
from dataclasses import replace

from reports import facts
from reports.options import Options, Scope


def narrow(portfolio: facts.Portfolio, options: Options) -> facts.Portfolio:
    portfolio = replace(portfolio, options=options)
    if options.scope == Scope.UNITS:
        portfolio = _only(portfolio, frozenset(options.units))
    if options.scope == Scope.SUMMARY:
        portfolio = _summary(portfolio)
    return portfolio if options.feedback else _without_feedback(portfolio)


# Only some units ---------------------------------------------------------------------------------


def _only(portfolio: facts.Portfolio, chosen: frozenset[int]) -> facts.Portfolio:
    """With the evidence that claims something of them, in every version that was handed in."""
    units = tuple(unit for unit in portfolio.units if unit.pk in chosen)
    credited = frozenset(
        credit.number
        for unit in units
        for sign_off in unit.sign_offs
        for guide in sign_off.guides
        for point in guide.points
        for credit in point.credits
    )
    evidence = tuple(_of(item, chosen, credited) for item in portfolio.evidence)
    return replace(
        portfolio,
        units=units,
        evidence=tuple(item for item in evidence if item),
        reviews=tuple(each for each in portfolio.reviews if each.enrolment in chosen),
        appeals=tuple(each for each in portfolio.appeals if each.enrolment in chosen),
    )


def _of(
    item: facts.Evidence, chosen: frozenset[int], credited: frozenset[int]
) -> facts.Evidence | None:
    """The versions that claim something of these units; of an item that only earns a marking
    point, all of them."""
    versions = tuple(
        replace(version, claims=_claims(version.claims, chosen)) for version in item.versions
    )
    told = tuple(version for version in versions if version.claims)
    if not told and item.number not in credited:
        return None
    return replace(item, versions=told or versions)


def _claims(claims: Iterable[facts.Claim], chosen: frozenset[int]) -> tuple[facts.Claim, ...]:
    return tuple(claim for claim in claims if claim.unit in chosen)


# A summary ---------------------------------------------------------------------------------------


def _summary(portfolio: facts.Portfolio) -> facts.Portfolio:
    """The forms that fit on a few pages; of the evidence, what the index and the matrix say."""
    return replace(
        portfolio,
        reviews=(),
        appeals=(),
        evidence=tuple(
            replace(item, versions=tuple(_in_short(each) for each in item.versions))
            for item in portfolio.evidence
        ),
        units=tuple(_unit_in_short(unit) for unit in portfolio.units),
        record=replace(portfolio.record, entries=()),
    )


def _unit_in_short(unit: facts.Unit) -> facts.Unit:
    criteria = tuple(
        replace(each, claims=tuple(replace(claim, places=()) for claim in each.claims))
        for each in unit.criteria
    )
    return replace(unit, plans=(), criteria=criteria)


def _in_short(version: facts.Version) -> facts.Version:
    files = tuple(replace(file, picture="") for file in version.files)
    return replace(version, account="", account_html="", files=files)


# Without feedback --------------------------------------------------------------------------------


def _without_feedback(portfolio: facts.Portfolio) -> facts.Portfolio:
    """Decisions and their reasons stay; what was said to the learner goes."""
    return replace(
        portfolio,
        reviews=tuple(
            replace(each, feedback="", comments=(), actions=()) for each in portfolio.reviews
        ),
        appeals=tuple(replace(each, feedback="") for each in portfolio.appeals),
        units=tuple(
            replace(
                unit,
                criteria=tuple(
                    replace(each, claims=tuple(_quiet(claim) for claim in each.claims))
                    for each in unit.criteria
                ),
            )
            for unit in portfolio.units
        ),
        evidence=tuple(
            replace(
                item,
                versions=tuple(
                    replace(each, claims=tuple(_quiet(claim) for claim in each.claims))
                    for each in item.versions
                ),
            )
            for item in portfolio.evidence
        ),
    )


def _quiet(claim: facts.Claim) -> facts.Claim:
    judgement = claim.judgement and replace(claim.judgement, feedback="")
    overturned = tuple(replace(each, feedback="") for each in claim.overturned)
    return replace(claim, judgement=judgement, overturned=overturned)
