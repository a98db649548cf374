"""What each row of a list of learners would do, and what is wrong with it.

The whole list is checked in a fixed number of queries. Only this centre's people are looked
at: whether an address has an account elsewhere must not show.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ASSESSING, Centre, Membership, Role, User
from portfolio.learners_csv import Row
from portfolio.models import Enrolment
from portfolio.workflow import EnrolmentStatus
from standards.models import Edition

LONGEST = {"name": 150, "email": 254, "registration_number": 60, "cohort": 80, "unit": 40}
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d %B %Y", "%d %b %Y")
OF_THE_PERSON = ("name", "registration_number", "cohort")
EARLIEST = date(2000, 1, 1)


@dataclass
class Checked:
    """One row: what is wrong, what is worth knowing, and what it comes to."""

    row: Row
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    learner: User | None = None  # already of this centre
    is_learner: bool = False
    edition: Edition | None = None
    assessor: User | None = None
    started_on: date | None = None

    @property
    def what_happens(self) -> str:
        if self.is_learner:
            return _("Is a learner here already; is put on this unit")
        if self.learner:
            return _("Is at your centre already; becomes a learner too")
        return _("New here; gets an e-mail")


@dataclass(frozen=True)
class Known:
    """What the centre has, fetched once for the whole list."""

    people: dict[str, User]
    roles: dict[str, set[str]]
    editions: dict[str, list[Edition]]
    enrolled: dict[tuple[str, int], str]


def check(rows: Sequence[Row], centre: Centre, *, by: User) -> list[Checked]:
    """What would become of each row if this admin saved the list now."""
    known = _known(rows, centre)
    first_of_unit: dict[tuple[str, str], Row] = {}
    first_of_person: dict[str, Row] = {}
    checked = []
    for row in rows:
        each = Checked(row)
        _check_cells(each)
        _check_person(each, known, first_of_person.setdefault(row.email.lower(), row))
        _check_unit(each, known)
        _check_assessor(each, known, by)
        _check_repeated(each, first_of_unit.setdefault((row.email.lower(), row.unit.upper()), row))
        checked.append(each)
    return checked


def _known(rows: Iterable[Row], centre: Centre) -> Known:
    emails = {text.lower() for row in rows for text in (row.email, row.assessor) if text}
    units = {row.unit.upper() for row in rows}
    people: dict[str, User] = {}
    roles: dict[str, set[str]] = defaultdict(set)
    memberships = Membership.objects.in_centre(centre).filter(user__email__in=emails)
    for membership in memberships.select_related("user"):
        person = people.setdefault(membership.user.email, membership.user)
        roles[person.email].add(membership.role)
    editions: dict[str, list[Edition]] = defaultdict(list)
    published = Edition.objects.in_centre(centre).published().select_related("standard")
    named = published.alias(urn=Upper("standard__urn")).filter(urn__in=units)
    for edition in named.defer("source_text", "metadata").order_by("-approved_on", "-pk"):
        editions[edition.standard.urn.upper()].append(edition)
    rows_of_enrolments = (
        Enrolment.objects.in_centre(centre)
        .filter(portfolio__learner__email__in=emails)
        .values_list("portfolio__learner__email", "edition", "status")
    )
    enrolled = {(email, edition): status for email, edition, status in rows_of_enrolments}
    return Known(people, roles, editions, enrolled)


def _check_cells(each: Checked) -> None:
    row = each.row
    if not row.name:
        each.problems.append(_("The name is missing."))
    for name, longest in LONGEST.items():
        if len(getattr(row, name)) > longest:
            each.problems.append(
                _("“%(start)s…” is too long: %(longest)d letters at most.")
                % {"start": getattr(row, name)[:20], "longest": longest}
            )
    if any(text.startswith(("=", "+", "-", "@")) for text in (row.name, row.cohort)):
        each.notes.append(_("Begins like a formula of a spreadsheet; it is kept as plain text."))
    each.started_on = _date(row.started_on) if row.started_on else timezone.localdate()
    if each.started_on is None:
        each.problems.append(
            _("“%(text)s” is not a date. Write it as 2026-09-01 or 01/09/2026.")
            % {"text": row.started_on[:30]}
        )


def _date(text: str) -> date | None:
    for pattern in DATE_FORMATS:
        try:
            found = datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        return found if found >= EARLIEST else None
    return None


def _check_person(each: Checked, known: Known, first: Row) -> None:
    row = each.row
    if not row.email:
        each.problems.append(_("The e-mail address is missing."))
        return
    try:
        validate_email(row.email)
    except ValidationError:
        each.problems.append(_("“%(text)s” is not an e-mail address.") % {"text": row.email[:60]})
        return
    each.learner = known.people.get(row.email.lower())
    each.is_learner = Role.LEARNER in known.roles.get(row.email.lower(), set())
    if each.learner and each.learner.name != row.name:
        each.notes.append(_("Is called %(name)s here, and stays so.") % {"name": each.learner.name})
    if any(getattr(first, name) != getattr(row, name) for name in OF_THE_PERSON):
        each.problems.append(
            _("Line %(line)d gives this person another name, registration number or cohort.")
            % {"line": first.line}
        )


def _check_unit(each: Checked, known: Known) -> None:
    row = each.row
    if not row.unit:
        each.problems.append(_("The unit is missing."))
        return
    editions = known.editions.get(row.unit.upper())
    if not editions:
        each.problems.append(
            _("“%(urn)s” is not one of your centre's units.") % {"urn": row.unit[:40]}
        )
        return
    each.edition = editions[0]
    if len(editions) > 1:
        each.notes.append(
            _("%(urn)s has %(count)d editions; this is the newest, approved %(date)s.")
            % {
                "urn": row.unit.upper(),
                "count": len(editions),
                "date": each.edition.approved_on or _("without a date"),
            }
        )
    status = known.enrolled.get((row.email.lower(), each.edition.pk))
    if status == EnrolmentStatus.WITHDRAWN:
        each.problems.append(
            _("Was withdrawn from this unit. Open the learner's page to let them go on.")
        )
    elif status:
        each.problems.append(_("Is enrolled on this unit already."))


def _check_assessor(each: Checked, known: Known, by: User) -> None:
    email = each.row.assessor.lower()
    if not email:
        each.notes.append(_("No assessor yet."))
    elif email == each.row.email.lower():
        each.problems.append(_("Nobody assesses their own work: name another assessor."))
    elif each.learner == by:
        each.problems.append(_("Nobody picks their own assessor: another admin has to do this."))
    elif known.roles.get(email, set()).isdisjoint(ASSESSING) or not known.people[email].is_active:
        each.problems.append(
            _("“%(text)s” is not an assessor at your centre.") % {"text": each.row.assessor[:60]}
        )
    else:
        each.assessor = known.people[email]


def _check_repeated(each: Checked, first: Row) -> None:
    if first.line != each.row.line and each.row.email and each.row.unit:
        each.problems.append(
            _("Line %(line)d has this learner and unit already.") % {"line": first.line}
        )
