"""What the forms tell of witnesses, declarations and marking points; and in which words."""

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessments.models import Judgement, PointTick
from portfolio.models import Evidence, ExpertWitness, Testimony, WitnessInvitation
from reports import document, facts
from reports.gather import gather
from reports.options import Options, Scope
from reports.templatetags.parts import ends_part_after
from reports.templatetags.report import edition_in_words, in_words, kind_in_words
from tests.factories import make_edition
from tests.reports.builders import Story
from tests.triggers import lifted

SIGNED = datetime(2026, 9, 26, 9, 15, tzinfo=UTC)


def told(story: Story, **chosen) -> facts.Portfolio:
    return gather(story.portfolio.pk, options=Options(**chosen))


# Witnesses ---------------------------------------------------------------------------------------


def witness(story: Story, number: int, *, expert: bool) -> None:
    invitation = WitnessInvitation.objects.create(
        enrolment=story.enrolments[0],
        name="Owen Pugh",
        email="owen@example.org",
        as_expert=expert,
        invited_by=story.cast.learner,
        token_digest=str(number) * 64,
        expires_at=SIGNED,
    )
    Testimony.objects.create(
        invitation=invitation,
        evidence=Evidence.objects.get(number=number),
        name="Owen Pugh",
        relationship="Her manager",
        job="Shop manager",
        is_expert=expert,
        seen_on=SIGNED.date(),
        statement="She rang back.",
        declaration_text="I saw this myself.",
        confirmed_at=SIGNED,
    )


def approve(story: Story, why: str, *, since: int, until: int | None = None) -> None:
    """From one day to another, counted from the day of the signature."""
    row = ExpertWitness.objects.create(
        centre=story.cast.centre,
        edition=story.enrolments[0].edition,
        name="Owen Pugh",
        email="Owen@Example.org",
        competence=why,
        approved_by=story.cast.admin,
        ended_at=None if until is None else SIGNED + timedelta(days=until),
    )
    day = SIGNED + timedelta(days=since)
    ExpertWitness.objects.filter(pk=row.pk).update(approved_at=day)


def test_an_expert_is_listed_with_the_approval_that_stood_when_they_signed(story: Story):
    witness(story, 1, expert=False)
    witness(story, 2, expert=True)
    approve(story, "Too early.", since=-9, until=-5)
    approve(story, "Twelve years in the trade.", since=-4, until=3)
    approve(story, "Too late.", since=4)
    some = told(story)
    (first, plain), (second, expert) = some.testimonies
    assert (first, plain.approved_by, second) == (1, "", 2)
    assert (expert.approved_by, expert.competence) == (
        story.cast.admin.name,
        "Twelve years in the trade.",
    )
    html = document.render(some)
    assert "Witness status list" in html
    assert html.count("Twelve years in the trade.") == 1


def test_the_list_of_witnesses_is_there_only_for_witnesses(story: Story):
    assert "witnesses" not in told(story).parts
    assert "Witness status list" not in document.render(told(story))
    witness(story, 1, expert=False)
    assert "witnesses" in told(story).parts
    assert "witnesses" not in told(story, scope=Scope.SUMMARY).parts


# Sign-offs ---------------------------------------------------------------------------------------


def test_a_sign_off_carries_the_learners_declaration_of_its_work_alone(story: Story):
    (unit,) = story.enrolments
    story.hand_in(unit, "P1", title="Later than the sign-off")
    story.hand_in(story.enrol(make_edition()), "P1", title="Of another unit")
    for scope in (Scope.WHOLE, Scope.SUMMARY):
        some = told(story, scope=scope)
        signed = some.unit(unit.pk)
        (declared,) = some.declared(signed, signed.sign_offs[0])
        assert (declared.wording, declared.items) == ("This is my own work.", 3)
        assert declared.last < signed.sign_offs[0].signed_at
        assert "with 3 submissions, the last on" in document.render(some)


def test_a_marking_point_leads_to_the_claims_that_earn_it(story: Story):
    (guide,) = story.enrolments[0].edition.marking_guides.all()
    point = guide.marking_points.all()[0]
    judgement = Judgement.objects.filter(outcome="met").order_by("pk").first()
    with lifted("assessments_pointtick"):  # it was ticked before the decision
        PointTick.objects.create(judgement=judgement, marking_point=point, wording=point.text)
    (unit,) = told(story).units
    first, second = unit.sign_offs[0].guides[0].points[:2]
    (claim,) = unit.earning(first, first.credits[0])
    assert claim.pk == judgement.claim_id
    assert unit.earning(second, second.credits[0]) == ()


# Words -------------------------------------------------------------------------------------------


def test_types_editions_and_entries_are_told_in_words():
    assert kind_in_words("application/pdf") == "a PDF"
    assert kind_in_words("message/rfc822") == "an e-mail"
    assert kind_in_words("application/x-unheard-of") == "application/x-unheard-of"
    assert edition_in_words("2021-02-22 · 1") == "22 February 2021, version 1"
    assert [edition_in_words(each) for each in ("2013-01", "2", "")] == [
        "January 2013",
        "version 2",
        "",
    ]
    assert [in_words("unit_signed_off"), in_words("standards.serve")] == [
        "Unit signed off",
        "Standards serve",
    ]


def catalogue(words: dict[str, str]) -> bytes:
    """A compiled one, as gettext reads it."""
    words = {"": "Content-Type: text/plain; charset=UTF-8\n"} | words
    pairs = sorted((key.encode(), value.encode()) for key, value in words.items())
    many, at = len(pairs), 28 + 16 * len(pairs)
    tables, body = [b"", b""], b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<II", len(pair[column]), at + len(body))
            body += pair[column] + b"\0"
    head = struct.pack("<IIIIIII", 0x950412DE, 0, many, 28, 28 + 8 * many, 0, 0)
    return head + b"".join(tables) + body


def test_labels_are_in_the_language_that_a_catalogue_gives_them(
    story: Story, settings, tmp_path: Path
):
    """What people wrote stays as it is; so does what has no translation yet."""
    compiled = tmp_path / "cy" / "LC_MESSAGES" / "django.mo"
    compiled.parent.mkdir(parents=True)
    welsh = {"Evidence index": "Mynegai tystiolaeth", "Authentic": "Dilys"}
    compiled.write_bytes(catalogue(welsh))
    settings.LOCALE_PATHS = [tmp_path]
    html = document.render(told(story, language="cy"))
    for english, other in welsh.items():
        assert other in html
        assert english not in html
    assert "A call to a customer" in html
    assert "Evidence index" in document.render(told(story))


# Parts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("performance", "knowledge", "ends"),
    [(14, 13, [14]), (4, 3, []), (25, 4, []), (35, 5, [30]), (10, 30, [10, 30])],
)
def test_a_units_criteria_end_a_part_where_their_kind_ends(
    story: Story, performance: int, knowledge: int, ends: list[int]
):
    edition = make_edition(performance=performance, knowledge=knowledge)
    enrolment = story.enrol(edition)
    unit = told(story).unit(enrolment.pk)
    many = len(unit.criteria)
    assert [number for number in range(1, many) if ends_part_after(unit, number)] == ends
