"""Who may do what with a portfolio. When it may be done is the business of workflow.py, and
who may see a thing at all is `visible_to`, in models.py."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, Q, QuerySet

from accounts.models import ASSESSING, SEES_EVIDENCE, SEES_WHOLE_CENTRE, Centre, Role, User
from portfolio.models import (
    Allocation,
    Enrolment,
    Evidence,
    EvidenceVersion,
    Interest,
    Likeness,
    Portfolio,
    Redaction,
    TemplateText,
    Testimony,
    WitnessInvitation,
)


def _is_theirs(user: User, portfolio: Portfolio) -> bool:
    """The learner herself, for as long as she is a learner of that centre."""
    return portfolio.learner_id == user.pk and user.has_role(portfolio.centre_id, Role.LEARNER)


def _records(user: User, evidence: Evidence) -> bool:
    """The assessor whose own record it is, while they may assess the unit it was made for."""
    return evidence.recorded_by_id == user.pk and may_assess(user, evidence.record.enrolment)


def _writes(user: User, evidence: Evidence) -> bool:
    """Whose item it is to fill: the learner's or, of a record, the assessor's who makes it."""
    if evidence.recorded_by_id:
        return _records(user, evidence)
    return _is_theirs(user, evidence.portfolio)


def can_add_evidence(user: User, portfolio: Portfolio) -> bool:
    return _is_theirs(user, portfolio)


def can_edit_version(user: User, version: EvidenceVersion) -> bool:
    """The description, the account and the files. A witness's words are never the learner's."""
    return _writes(user, version.evidence) and not version.evidence.by_witness


def can_claim(user: User, version: EvidenceVersion) -> bool:
    return _writes(user, version.evidence)


def can_withdraw_draft(user: User, version: EvidenceVersion) -> bool:
    """An assessor's record is called off as a whole, not as a draft."""
    evidence = version.evidence
    return _is_theirs(user, evidence.portfolio) and evidence.recorded_by_id is None


def can_answer_on_people(user: User, version: EvidenceVersion) -> bool:
    """Whose evidence it is answers, even where the words in it are a witness's; in a record, the
    assessor answers as they write it."""
    evidence = version.evidence
    return _is_theirs(user, evidence.portfolio) and evidence.recorded_by_id is None


def can_hide(user: User, version: EvidenceVersion) -> bool:
    """Hide people or words: whose evidence it is, unless the words are a witness's or an
    assessor's; once handed in, who assesses her too, and the data lead."""
    evidence, portfolio = version.evidence, version.evidence.portfolio
    if _is_theirs(user, portfolio):
        return not evidence.by_witness and evidence.recorded_by_id is None
    if portfolio.learner_id == user.pk:
        return False
    if version.is_draft:
        return evidence.recorded_by_id is not None and _records(user, evidence)
    if user.has_role(portfolio.centre_id, Role.DATA_LEAD):
        return not is_relative(user, portfolio)
    return _assesses(user, portfolio)


def can_hide_too(user: User, evidence: Evidence) -> bool:
    """Whether a copy that they have made takes its original's place in this item of the portfolio
    as well, draft or not: the learner changes nothing that is a witness's or an assessor's."""
    is_others = evidence.by_witness or evidence.recorded_by_id is not None
    return evidence.portfolio.learner_id != user.pk or not is_others


def _assesses(user: User, portfolio: Portfolio) -> bool:
    """Any of her units, and is no relative of hers."""
    running = _allocations(user, portfolio)
    return user.has_role(portfolio.centre_id, *ASSESSING) and running.exists()


def _allocations(user: User, portfolio: Portfolio) -> QuerySet[Allocation]:
    """Those that run, of somebody who is no relative."""
    running = Allocation.objects.filter(assessor=user, ended_at=None)
    of_hers = running.filter(enrolment__portfolio=portfolio)
    return of_hers.filter(~Exists(_blocking(user, portfolio)))


def can_see_originals(user: User, centre: Centre) -> bool:
    """The list of what was hidden, and of who opened what it was before."""
    return user.has_role(centre.pk, Role.DATA_LEAD)


def can_open_original(user: User, redaction: Redaction) -> bool:
    """The data lead, and nobody of their own evidence or a relative's."""
    portfolio = redaction.evidence.portfolio
    if not user.has_role(portfolio.centre_id, Role.DATA_LEAD):
        return False
    return not barred_from_hidden(user, [portfolio])


def can_make_new_version(user: User, evidence: Evidence) -> bool:
    return _writes(user, evidence)


# The centre's side: an admin decides; an IQA and the assessors look.


def can_see_learners(user: User, centre: Centre) -> bool:
    """The list of learners; `visible_to` says which of them."""
    return user.has_role(centre.pk, *ASSESSING, *SEES_EVIDENCE)


def can_enrol(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, Role.ADMIN)


def can_edit_portfolio(user: User, portfolio: Portfolio) -> bool:
    """The registration number and the cohort."""
    return user.has_role(portfolio.centre_id, Role.ADMIN)


def can_withdraw_enrolment(user: User, enrolment: Enrolment) -> bool:
    return user.has_role(enrolment.portfolio.centre_id, Role.ADMIN)


def can_reinstate_enrolment(user: User, enrolment: Enrolment) -> bool:
    return user.has_role(enrolment.portfolio.centre_id, Role.ADMIN)


def can_allocate(user: User, enrolment: Enrolment) -> bool:
    """An admin, but nobody picks who judges their own work."""
    portfolio = enrolment.portfolio
    return user.has_role(portfolio.centre_id, Role.ADMIN) and portfolio.learner_id != user.pk


def can_import_decisions(user: User, enrolment: Enrolment) -> bool:
    """Count what another centre decided, or take that back: a qualified assessor of the unit, or
    an admin; nobody for themselves."""
    portfolio = enrolment.portfolio
    if portfolio.learner_id == user.pk:
        return False
    if user.has_role(portfolio.centre_id, Role.ADMIN):
        return not _blocking(user, portfolio).exists()
    return user.has_role(portfolio.centre_id, Role.ASSESSOR) and may_assess(user, enrolment)


def can_end_allocation(user: User, allocation: Allocation) -> bool:
    return can_allocate(user, allocation.enrolment)


# Witnesses: nobody is witness to their own work, and nobody assesses what they witnessed.


def assesses(user: User, enrolment: Enrolment) -> bool:
    """An assessor or trainee of the centre who has this unit to assess: not their own, nor a
    relative's. Unlike a judgement, what asks this is also theirs who were witness."""
    portfolio = enrolment.portfolio
    running = _allocations(user, portfolio).filter(enrolment=enrolment)
    could = user.has_role(portfolio.centre_id, *ASSESSING) and portfolio.learner_id != user.pk
    return could and running.exists()


def may_assess(user: User, enrolment: Enrolment) -> bool:
    """Whoever has this unit to assess, is not witness to anything in it and no relative of the
    learner; in one query."""
    return may_assess_unless(user, enrolment)


def may_assess_unless(user: User, enrolment: Enrolment, *barred: QuerySet[Any]) -> bool:
    """`may_assess`, and none of these rows is there; still one query."""
    this = Enrolment.objects.filter(pk=enrolment.pk).assessed_by(user)
    free = this.filter(*(~Exists(rows) for rows in barred))
    return user.has_role(enrolment.portfolio.centre_id, *ASSESSING) and free.exists()


def _testimonies(user: User, enrolment: Enrolment) -> QuerySet[Testimony]:
    """This person's own, of those that count towards the unit."""
    theirs = Testimony.objects.filter(invitation__email__iexact=user.email)
    here = Q(invitation__enrolment=enrolment) | Q(evidence__versions__claims__enrolment=enrolment)
    return theirs.filter(here)


# Conflicts of interest: a relative decides nothing; whatever else ties somebody to the learner
# is said wherever they decide.


def _blocking(user: User, portfolio: Portfolio) -> QuerySet[Interest]:
    return Interest.objects.blocking().filter(person=user, portfolio=portfolio)


def is_relative(user: User, portfolio: Portfolio) -> bool:
    """Whether a tie is declared that keeps this person out of every decision on the learner."""
    return _blocking(user, portfolio).exists()


def barred_from_hidden(user: User, portfolios: Sequence[Portfolio]) -> list[Portfolio]:
    """Those in which nobody shows this person what was hidden, whatever their role: their own,
    and their relatives'."""
    ties = Interest.objects.blocking().filter(person=user, portfolio__in=portfolios)
    relatives = frozenset(ties.values_list("portfolio", flat=True))
    return [each for each in portfolios if each.learner_id == user.pk or each.pk in relatives]


def can_see_interests(user: User, portfolio: Portfolio) -> bool:
    """Staff; which of them they see, `visible_to` says. Never the learner herself."""
    staff = user.has_role(portfolio.centre_id, *ASSESSING, *SEES_WHOLE_CENTRE)
    return staff and portfolio.learner_id != user.pk


def can_declare_interest(user: User, portfolio: Portfolio, person: User) -> bool:
    """For oneself; an admin for anybody who assesses or quality assures here."""
    concerned = person.has_role(portfolio.centre_id, *ASSESSING, *SEES_WHOLE_CENTRE)
    if portfolio.learner_id in (user.pk, person.pk) or not concerned:
        return False
    return person.pk == user.pk or user.has_role(portfolio.centre_id, Role.ADMIN)


def can_end_interest(user: User, interest: Interest) -> bool:
    """Whoever declared it, and another admin; nobody ends of themselves what an admin said."""
    portfolio = interest.portfolio
    if portfolio.learner_id == user.pk or not can_see_interests(user, portfolio):
        return False
    admin = user.has_role(portfolio.centre_id, Role.ADMIN) and interest.person_id != user.pk
    return admin or interest.declared_by_id == user.pk


def can_ask_witness(user: User, enrolment: Enrolment) -> bool:
    return _is_theirs(user, enrolment.portfolio) or assesses(user, enrolment)


def can_resend_witness_invitation(user: User, invitation: WitnessInvitation) -> bool:
    """Whoever asked, and the unit's assessor in any case."""
    enrolment = invitation.enrolment
    asked = invitation.invited_by_id == user.pk and can_ask_witness(user, enrolment)
    return asked or assesses(user, enrolment)


def can_withdraw_witness_invitation(user: User, invitation: WitnessInvitation) -> bool:
    """The same, and an admin, who may need the witness as an assessor."""
    portfolio = invitation.enrolment.portfolio
    admin = user.has_role(portfolio.centre_id, Role.ADMIN) and portfolio.learner_id != user.pk
    return admin or can_resend_witness_invitation(user, invitation)


def can_be_witness(user: User, enrolment: Enrolment) -> bool:
    """Anybody but the learner and those who assess the unit."""
    portfolio = enrolment.portfolio
    running = enrolment.allocations.filter(assessor=user, ended_at=None)
    return portfolio.learner_id != user.pk and not running.exists()


def has_witnessed(user: User, enrolment: Enrolment) -> bool:
    """Whether anything that counts towards the unit is this person's own testimony."""
    return _testimonies(user, enrolment).exists()


def can_see_experts(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, *ASSESSING, *SEES_WHOLE_CENTRE)


def can_approve_expert(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, Role.ADMIN)


# Likenesses: those who may see one, say what it is. `visible_to` has found the row for them.


def can_see_likenesses(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, *ASSESSING, Role.IQA)


def can_add_template(user: User, likeness: Likeness) -> bool:
    """A qualified assessor or a quality assurer; neither side of it, nor a relative of one."""
    portfolios = (
        likeness.version.evidence.portfolio,
        likeness.other_version.evidence.portfolio,
    )
    if any(portfolio.learner_id == user.pk for portfolio in portfolios):
        return False
    relatives = Interest.objects.blocking().filter(person=user, portfolio__in=portfolios)
    may = user.has_role(portfolios[0].centre_id, Role.ASSESSOR, Role.IQA)
    return may and not relatives.exists()


def can_end_template(user: User, template: TemplateText) -> bool:
    return user.has_role(template.centre_id, Role.ASSESSOR, Role.IQA)
