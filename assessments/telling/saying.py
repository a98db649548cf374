"""What every telling of this room needs: whom, in which words, and where it leads."""

from collections.abc import Iterable

from django.urls import reverse

from accounts.models import User
from accounts.notices import tell
from assessments.models import Submission
from portfolio.models import Enrolment

Told = tuple[str, str]  # what a notice says, and where it leads


def send(
    people: Iterable[User],
    enrolment: Enrolment,
    kind: str,
    about: str,
    told: Told,
    *,
    after: int = 0,
) -> None:
    text, path = told
    for recipient in people:
        tell(
            recipient=recipient,
            centre=enrolment.portfolio.centre,
            kind=kind,
            about=about,
            text=text,
            path=path,
            after=after,
        )


def learner(enrolment: Enrolment) -> User:
    return enrolment.portfolio.learner


def assessors(enrolment: Enrolment, by: User) -> Iterable[User]:
    """Those who assess the unit now; nobody is told of what they did themselves."""
    running = User.objects.filter(
        allocations__enrolment=enrolment, allocations__ended_at=None, is_active=True
    )
    return running.exclude(pk=by.pk)


def item_words(submission: Submission, sentence: str) -> str:
    number = submission.version.evidence.number
    return sentence % {"number": number, **_names(submission.enrolment)}


def unit_words(enrolment: Enrolment, sentence: str, **more: object) -> str:
    return sentence % {**_names(enrolment), **more}


def page(enrolment: Enrolment, name: str, pk: int) -> str:
    return reverse(name, kwargs={"centre": enrolment.portfolio.centre.slug, "pk": pk})


def _names(enrolment: Enrolment) -> dict[str, str]:
    standard = enrolment.edition.standard
    return {
        "learner": enrolment.portfolio.learner.name,
        "urn": standard.urn or enrolment.edition.title,
    }
