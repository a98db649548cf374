"""Assessors' own records: shared with the learner, or questioned by her. (Confirmed, they are
handed in, and that is told like all that is handed in.)"""

from django.utils.translation import gettext as _

from accounts.notices import named, take_back
from assessments.models import Record
from assessments.telling.saying import learner, page, send, unit_words


def of_sharing(record: Record) -> None:
    text = (
        _("Questions for you in %(urn)s.")
        if record.kind == Record.Kind.WRITTEN
        else _("A record of your work for %(urn)s is ready. Read it, and say if it is right.")
    )
    told = unit_words(record.enrolment, text), _page(record)
    send([learner(record.enrolment)], record.enrolment, _kind(record), _about(record), told)


def of_taking_back_record(record: Record) -> None:
    take_back(_kind(record), _about(record))


def of_questioning(record: Record) -> None:
    text = _("%(learner)s has a question about your record for %(urn)s.")
    told = unit_words(record.enrolment, text), _page(record)
    send([record.assessor], record.enrolment, "record_questioned", _about(record), told)


def _kind(record: Record) -> str:
    return "questions_asked" if record.kind == Record.Kind.WRITTEN else "record_shared"


def _about(record: Record) -> str:
    """Each time it is shared is told anew."""
    shared = record.shared_at.isoformat() if record.shared_at else ""
    return f"{named(record)}:{shared}"


def _page(record: Record) -> str:
    return page(record.enrolment, "assessments:record", record.pk)
