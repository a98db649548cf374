"""Appeals: to those who may answer them, and the answer to the learner."""

from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.notices import named, take_back
from assessments.models import Appeal
from assessments.permissions import can_answer_appeal
from assessments.telling.saying import learner, page, send, unit_words


def of_appeal(appeal: Appeal) -> None:
    text = _("%(learner)s appeals against a decision in %(urn)s.")
    told = unit_words(appeal.enrolment, text), _page(appeal)
    send(_who_may_answer(appeal), appeal.enrolment, "appeal_made", named(appeal), told)


def of_appeal_answer(appeal: Appeal) -> None:
    take_back("appeal_made", named(appeal))
    told = unit_words(appeal.enrolment, _("Your appeal in %(urn)s was answered.")), _page(appeal)
    who = [learner(appeal.enrolment)]
    send(who, appeal.enrolment, "appeal_answered", named(appeal), told)


def of_giving_up_appeal(appeal: Appeal) -> None:
    take_back("appeal_made", named(appeal))


def _who_may_answer(appeal: Appeal) -> list[User]:
    """The centre's quality assurers who had no part in it; where there is none, its assessors."""
    return _able(appeal, Role.IQA) or _able(appeal, Role.ASSESSOR)


def _able(appeal: Appeal, role: str) -> list[User]:
    centre = appeal.enrolment.portfolio.centre_id
    held = User.objects.filter(memberships__centre=centre, memberships__role=role, is_active=True)
    return [each for each in held if can_answer_appeal(each, appeal)]


def _page(appeal: Appeal) -> str:
    return page(appeal.enrolment, "assessments:appeal", appeal.pk)
