"""How long records are kept, where it is said, and that an appeal stops the clock."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import actions
from assessments.retention import clock_stopped, keeping_of
from ledger.models import Entry
from portfolio.actions import reinstate_enrolment, withdraw_enrolment
from portfolio.models import Enrolment


def fresh(unit):
    return Enrolment.objects.get(pk=unit.enrolment.pk)


def in_years(years):
    last = Entry.objects.order_by("at").last()
    day = timezone.localdate(last.at)
    return (
        datetime.date(day.year + years, 3, 1)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year + years)
    )


def test_while_a_unit_is_open_the_clock_has_not_begun(unit):
    unit.accepted("P1")
    keeping = keeping_of(unit.portfolio)
    assert (keeping.until, keeping.appealed_at, keeping.is_over) == (None, None, False)


def test_it_begins_with_the_last_thing_that_happened(unit, settings):
    settings.KEEP_YEARS = 5
    unit.signed()
    assert keeping_of(unit.portfolio).until == in_years(5)


def test_a_signature_that_waits_for_another_leaves_it_open(unit):
    signed = unit.signed(by=unit.cast.trainee)
    assert keeping_of(unit.portfolio).until is None
    actions.countersign(sign_off=signed, by=unit.cast.assessor)
    assert keeping_of(unit.portfolio).until == in_years(3)


def test_leaving_begins_it_and_coming_back_stops_it(unit):
    unit.accepted("P1")
    withdraw_enrolment(enrolment=fresh(unit), by=unit.cast.admin)
    assert keeping_of(unit.portfolio).until == in_years(3)
    reinstate_enrolment(enrolment=fresh(unit), by=unit.cast.admin)
    assert keeping_of(unit.portfolio).until is None


@pytest.mark.parametrize("end", ["reject", "give_up"])
def test_an_appeal_stops_it_and_its_end_sets_it_going_anew(unit, end):
    signed = unit.signed()
    assert keeping_of(unit.portfolio).until
    made = actions.appeal_unit(enrolment=signed.enrolment, grounds="Point 2.", by=unit.cast.learner)
    keeping = keeping_of(unit.portfolio)
    assert (keeping.until, keeping.appealed_at) == (None, made.made_at)
    assert clock_stopped(fresh(unit))
    if end == "reject":
        actions.reject(appeal=made, answer="It stands.", by=unit.cast.iqa)
    else:
        actions.give_up(appeal=made, by=unit.cast.learner)
    assert not clock_stopped(fresh(unit))
    assert keeping_of(unit.portfolio).until == in_years(3)


def test_the_29th_of_february_ends_on_the_first_of_march(unit, monkeypatch):
    unit.signed()
    moment = datetime.datetime(2028, 2, 29, 12, tzinfo=datetime.UTC)
    monkeypatch.setattr("assessments.retention.timezone.localdate", lambda *_at: moment.date())
    assert keeping_of(unit.portfolio).until == datetime.date(2031, 3, 1)


def test_staff_read_it_beside_the_learner_and_on_the_appeal(unit, signed_in, url_of):
    signed = unit.signed()
    page = reverse(
        "portfolio:enrolment", kwargs={"centre": unit.cast.centre.slug, "pk": unit.enrolment.pk}
    )
    admin = signed_in(unit.cast.admin)
    until = keeping_of(unit.portfolio).until
    assert until.isoformat() in admin.get(page).content.decode()
    made = actions.appeal_unit(enrolment=signed.enrolment, grounds="Why?", by=unit.cast.learner)
    for address in (page, url_of("appeal", pk=made.pk)):
        answer = admin.get(address)
        assert answer.status_code == 200
        assert "an appeal that is open has stopped the clock" in answer.content.decode()
        assert until.isoformat() not in answer.content.decode()
    hers = signed_in(unit.cast.learner).get(url_of("appeal", pk=made.pk)).content.decode()
    assert "stopped the clock" not in hers
