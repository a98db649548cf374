"""What a busy desk holds besides evidence that waits: a bank of phrases, plans, records, what was
decided elsewhere, what was withdrawn, and what somebody disagrees with."""

import datetime
from collections.abc import Callable, Mapping

from django.utils import timezone

from assessments import actions
from assessments.actions.comments import add_comment
from assessments.actions.phrases import add_phrase
from assessments.actions.places import move_place
from assessments.models import Judgement, Record, Submission
from demo.cast import (
    Story,
    centre_of,
    criteria,
    edition,
    enrolment_of,
    passage,
    person,
    submission_of,
)
from portfolio.actions import claim, declare_interest
from portfolio.actions.imports import import_decisions
from portfolio.models import EvidenceVersion

PHRASES = {
    "Well shown": "{learner}, {place} shows {code} clearly. Well done.",
    "More than once": "For {code} I need to see this more than once. Add a second example.",
    "Say who agreed": "Say who agreed to it, and when.",
    "Names to cover": "Cover the names in “{evidence}” before you submit it again.",
}
QUESTIONS = (
    (
        "A regular customer asks for more than you may give. What do you say, and whom do you ask?",
        "Names their own limit; offers what is within it; knows who may decide on more.",
        ("K8", "K9"),
    ),
    (
        "Which law tells you what you may keep about a customer, and what follows for your work?",
        "Data protection: only what is needed, kept safe, shown to the customer who asks.",
        ("K13",),
    ),
)

VISIT = "I come by and watch; go on as always."

Scene = tuple[str, str, Callable[[Story], None]]


def before_sign_off() -> list[Scene]:
    """Of Amira, whose unit is closed afterwards."""
    return [
        ("plan amira", "Amira Khan and Ben Osei agree on a plan", _amira_plans),
        ("record amira", "Ben Osei watches Amira Khan at work; she confirms it", _amira_is_seen),
    ]


def scenes() -> list[Scene]:
    return [
        ("bank", "The centre keeps phrases and written questions", _fill_banks),
        ("plan tom", "Tom Reed gets a plan with days, a visit and written questions", _tom_plans),
        ("draft sara", "Ben Osei begins to judge, moves a place and comments", _sara_is_judged),
        ("decide marcus", "Marcus Bell reads what earned him a point, and where", _marcus_reads),
        ("withdraw marcus", "Dilys Morgan withdraws a decision and says why", _marcus_is_withdrawn),
        ("appeal sara", "Sara Lind disagrees with a decision", _sara_appeals),
        ("import nia", "What another centre decided on Nia Price is counted", _nia_moves_in),
        ("interest nia", "Ben Osei says what ties him to Nia Price", _ben_declares),
    ]


def _in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def _at_ten(days: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(_in_days(days), datetime.time(10)))


def _fill_banks(story: Story) -> None:
    assessor, centre = person(story, "assessor"), centre_of(story)
    for title, text in PHRASES.items():
        add_phrase(centre=centre, title=title, text=text, by=assessor)
    for text, expected, codes in QUESTIONS:
        actions.add_question(
            centre=centre,
            edition=edition(),
            text=text,
            expected=expected,
            criteria=criteria(*codes),
            by=assessor,
        )


# Plans and records -------------------------------------------------------------------------


def _agreed_plan(story: Story, learner: str, note: str, planned: list[actions.Planned]) -> None:
    assessor, owner = person(story, "assessor"), person(story, learner)
    plan = actions.make_plan(
        enrolment=enrolment_of(owner),
        note=note,
        review_on=_in_days(42),
        planned=planned,
        by=assessor,
    )
    for each in (assessor, owner):
        actions.agree_plan(plan=plan, revision=plan.revision, by=each)


def _amira_plans(story: Story) -> None:
    visit = actions.Planned(
        who="assessor",
        text="Visit the trade desk on a delivery day.",
        due_on=_in_days(7),
        method="observation",
        criteria=criteria("P4", "P5"),
    )
    note = "Amira's evidence is strong. One visit shows how she deals with people at the desk."
    _agreed_plan(story, "amira", note, [visit])


def _amira_is_seen(story: Story) -> None:
    record = _plan_visit(story, "amira", "The trade desk", ("P4", "P5"), days=0)
    account = (
        "Between ten and eleven I stood beside the trade desk. Five customers came. Amira asked "
        "each of them what the job was before she looked anything up.\n\nOne wanted to know when "
        "the new bark comes in. She showed him the delivery plan and wrote the day on his receipt."
    )
    _write_up(story, record, "Morning at the trade desk", account)
    version = EvidenceVersion.objects.get(evidence=record.evidence)
    words = {
        "P4": "asked each of them what the job was",
        "P5": "showed him the delivery plan and wrote the day on his receipt",
    }
    by_code = {each.code: each.pk for each in criteria(*words)}
    claim(
        version=version,
        places=dict.fromkeys(by_code.values(), ""),
        anchors={by_code[code]: [passage(version, quote)] for code, quote in words.items()},
        by=person(story, "assessor"),
    )
    shared = actions.share_record(record=record, by=person(story, "assessor"))
    [submission] = actions.confirm_record(
        record=shared, shared_at=shared.shared_at, declared=True, by=person(story, "amira")
    )
    _accept(submission, story, "You gave each of them the time they needed.")


def _plan_visit(
    story: Story, learner: str, place: str, codes: tuple[str, ...], *, days: int
) -> Record:
    return actions.plan_record(
        enrolment=enrolment_of(person(story, learner)),
        kind=Record.Kind.OBSERVATION,
        plan=actions.Plan(_at_ten(days), place, VISIT, criteria(*codes)),
        by=person(story, "assessor"),
    )


def _write_up(story: Story, record: Record, title: str, account: str) -> None:
    assessor = person(story, "assessor")
    actions.begin_record(record=record, by=assessor)
    made = actions.Made(
        title=title,
        gathered_on=timezone.localdate(),
        account=account,
        personal_data="none",
        permission_note="",
    )
    actions.save_record(record=record, made=made, uploads=[], by=assessor)


def _tom_plans(story: Story) -> None:
    planned = [
        actions.Planned(
            who="learner",
            text="Ask five customers what they think of the workshop, and write it down.",
            due_on=_in_days(10),
            method="work_product",
            criteria=criteria("P10", "P12"),
        ),
        actions.Planned(
            who="learner",
            text="Answer the written questions.",
            due_on=_in_days(14),
            method="questioning",
            criteria=criteria("K8", "K9", "K13"),
        ),
        actions.Planned(
            who="assessor",
            text="Watch Tom at the counter.",
            due_on=_in_days(4),
            method="observation",
            criteria=criteria("P4", "P6"),
        ),
    ]
    _agreed_plan(story, "tom", "Tom is strong at the counter. Now we need it on paper.", planned)
    _plan_visit(story, "tom", "The bike shop", ("P4", "P6"), days=4)
    _asks(story, "tom")


def _asks(story: Story, learner: str) -> None:
    assessor, owner = person(story, "assessor"), person(story, learner)
    questions = list(centre_of(story).questions.in_use().order_by("pk"))
    record = actions.plan_record(
        enrolment=enrolment_of(owner),
        kind=Record.Kind.WRITTEN,
        plan=actions.Plan(None, "", "", criteria("K8", "K9", "K13")),
        by=assessor,
    )
    actions.set_questions(record=record, questions=questions, by=assessor)
    actions.share_record(record=record, by=assessor)


# Judging and deciding -----------------------------------------------------------------------


def _judge(submission: Submission, story: Story, points: Mapping[str, list[int]]) -> None:
    """Every claim is met; the marking points by their numbers, under what earns them."""
    guide = submission.enrolment.edition.marking_guides.get()
    numbers = {each.number: each.pk for each in guide.marking_points.all()}
    for each in submission.claims().select_related("criterion"):
        earned = points.get(each.criterion.code, [])
        actions.save_judgement(
            claim=each,
            submission=submission,
            outcome=Judgement.Outcome.MET,
            reason="The words marked show it.",
            **dict.fromkeys(Judgement.VARCS, True),
            feedback="",
            points=[numbers[number] for number in earned],
            by=person(story, "assessor"),
        )


def _accept(submission: Submission, story: Story, feedback: str, **points: list[int]) -> None:
    _judge(submission, story, points)
    actions.accept(
        submission=submission,
        feedback=feedback,
        personal_data="clear",
        by=person(story, "assessor"),
    )


def _sara_is_judged(story: Story) -> None:
    """Half done, as somebody leaves it who is called away: nothing is decided yet."""
    assessor, submission = person(story, "assessor"), submission_of(story, "sara", 4)
    version = submission.version
    claims = {each.criterion.code: each for each in submission.claims()}
    actions.save_judgement(
        claim=claims["P10"],
        submission=submission,
        outcome=Judgement.Outcome.MET,
        reason="Counted over three months, not remembered.",
        **dict.fromkeys(Judgement.VARCS, True),
        feedback="",
        points=[],
        by=assessor,
    )
    anchor = claims["P12"].anchors.get()
    place = passage(version, "Eleven of 40 notes ask for oat milk, and six for a table")
    move_place(submission=submission, anchor=anchor, place=place, by=assessor)
    add_comment(
        submission=submission,
        place=passage(version, "for the last three months"),
        text="Good: you say from when to when.",
        by=assessor,
    )


def _marcus_reads(story: Story) -> None:
    assessor, submission = person(story, "assessor"), submission_of(story, "marcus", 4)
    version = submission.version
    add_comment(
        submission=submission,
        place=passage(version, "I asked what they need most"),
        text="This question is what made the deal possible.",
        by=assessor,
    )
    anchor = submission.claims().get(criterion__code="K9").anchors.get()
    place = passage(version, "I may give five in a hundred, not more")
    move_place(submission=submission, anchor=anchor, place=place, by=assessor)
    _accept(submission, story, "You know your limit, and you look for what else helps.", P9=[2])


def _marcus_is_withdrawn(story: Story) -> None:
    actions.withdraw(
        submission=submission_of(story, "marcus", 2),
        reason="What the team leaders said is reported by Marcus alone. Ask for their own words.",
        by=person(story, "iqa"),
    )


def _sara_appeals(story: Story) -> None:
    actions.appeal(
        submission=submission_of(story, "sara", 2),
        grounds="I asked more guests than one. It is in the guests' book, which I showed.",
        by=person(story, "sara"),
    )


# From elsewhere -----------------------------------------------------------------------------


def _nia_moves_in(story: Story) -> None:
    import_decisions(
        enrolment=enrolment_of(person(story, "nia")),
        criteria=criteria("K1", "K2", "K5", "K7"),
        decided_at_centre="Southgate College",
        decided_by_name="Ann Howell",
        decided_on=datetime.date(2026, 3, 12),
        seen="Her unit record of 12 March, signed by the assessor and the IQA.",
        by=person(story, "admin"),
    )


def _ben_declares(story: Story) -> None:
    assessor = person(story, "assessor")
    declare_interest(
        portfolio=enrolment_of(person(story, "nia")).portfolio,
        person=assessor,
        kind="personal",
        note="We sing in the same choir. Nobody else assesses this unit on her days.",
        by=assessor,
    )
