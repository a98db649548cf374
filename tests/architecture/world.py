"""One centre with a thing of every kind in it, for the table of who may open what."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.actions import invite
from accounts.models import Membership, Notice
from accounts.notices import tell
from assessments.actions import (
    Planned,
    accept,
    add_action_point,
    add_method_rules,
    appeal,
    make_plan,
    save_judgement,
    sign_off,
    submit,
)
from assessments.actions.comments import add_comment
from assessments.actions.phrases import add_phrase
from assessments.actions.places import add_place
from assessments.models import MethodRule, Submission
from files.actions import keep_bytes, receive
from files.models import Preview, PreviewPart, Transfer
from files.transfers.actions import begin
from portfolio.actions import (
    approve_expert,
    create_evidence,
    declare_interest,
    hide_in_account,
    import_decisions,
    invite_witness,
    keep_learner_list,
)
from portfolio.anchors.ground import Ground
from portfolio.learners_csv import read
from portfolio.models import (
    Enrolment,
    EvidenceVersion,
    ImportedDecision,
    LearnerList,
    Likeness,
    Portfolio,
    Redaction,
    TemplateText,
)
from reports.bulk import packing, sending
from reports.bulk.actions import in_archive
from reports.models import Bulk, Deposit, Report
from standards.actions import read_draft
from standards.models import Edition, MarkingGuide
from tests.factories import (
    Cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_guide,
    make_portfolio,
    make_version,
    uploaded,
)
from tests.records import make_records

FIVE = dict.fromkeys(("valid", "authentic", "reliable", "current", "sufficient"), True)


@dataclass
class World:
    """`things` holds, by the name that the table uses, the argument of an address."""

    cast: Cast
    things: dict[str, Any] = field(default_factory=dict)


def make_world(cast: Cast) -> World:
    edition = make_edition()
    guide = make_guide(edition)
    portfolio = make_portfolio(cast.centre, cast.learner, cohort="Autumn")
    enrolment = make_enrolment(portfolio, edition, cast.assessor)
    waiting = _submitted(cast, enrolment, "P1")
    version = waiting.version
    world = World(cast)
    world.things = {
        "enrolment": enrolment.pk,
        "portfolio": portfolio.pk,
        "allocation": enrolment.allocations.get().pk,
        "evidence": version.evidence_id,
        "version": version.pk,
        "number": version.number,
        **_files(version),
        "submission": waiting.pk,
        "claim": version.claims.get().pk,
        "edition": edition.pk,
        "standard": edition.standard_id,
        "guide": guide.pk,
        "action": add_action_point(
            submission=waiting,
            text="Add the date.",
            due_on=timezone.localdate() + timedelta(days=7),
            by=cast.assessor,
        ).pk,
        "transfer": _transfer(cast).pk,
        "redaction": _redaction(cast, version).pk,
        "report": Report.objects.create(portfolio=portfolio, requested_by=cast.admin).pk,
        "membership": Membership.objects.get(user=cast.iqa).pk,
        "uid": "1",
        "sheet": "judgements",
        "key": "a-key",
        "wrong_code": "2345678999",
        "own_guide": _own_guide(cast).pk,
        "learner_list": _learner_list(cast).pk,
        "notice": _notice(cast).pk,
        **_draft_evidence(cast),
        **_invitation(cast),
        **_witness(cast, enrolment),
        **_draft_standard(cast),
        **_countersignature(cast, edition, guide),
    }
    world.things |= _likeness(cast, version)
    world.things |= _tie_and_appeal(cast, portfolio, world.things["decided"])
    world.things |= _feedback(cast, waiting)
    world.things |= make_records(cast, enrolment)
    world.things["imported"] = _imported(cast, enrolment).pk
    world.things |= _plan(cast, enrolment)
    world.things["method_rule"] = _method_rule(cast, edition).pk
    world.things |= _archive(cast, portfolio)
    return world


def _submitted(cast: Cast, enrolment: Enrolment, *codes: str):
    photo = receive(file=uploaded(), centre=cast.centre, by=cast.learner)
    words = uploaded("captions.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n")
    captions = receive(file=words, centre=cast.centre, by=cast.learner)
    version = create_evidence(
        portfolio=enrolment.portfolio,
        title="A photo of the shop",
        method="work_product",
        gathered_on=timezone.localdate(),
        account="I put up the sign.",
        personal_data="none",
        uploads=[photo, captions],
        by=enrolment.portfolio.learner,
    )
    make_claims(version, enrolment, *codes)
    return submit(version=version, declared=True, by=enrolment.portfolio.learner)[0]


def _transfer(cast: Cast) -> Transfer:
    return begin(name="film.mp4", length=9, metadata="", centre=cast.centre, by=cast.learner)


def _files(version: EvidenceVersion) -> dict[str, Any]:
    """A photo with its preview, and captions."""
    photo, captions = version.files.order_by("order")
    preview, _ = Preview.objects.update_or_create(
        blob=photo.blob, defaults={"kind": Preview.Kind.PICTURE, "status": Preview.Status.READY}
    )
    part, _ = PreviewPart.objects.get_or_create(
        preview=preview, role=PreviewPart.Role.PICTURE, defaults={"blob": photo.blob.shown}
    )
    return {"file": photo.pk, "role": part.role, "part": part.number, "captions": captions.pk}


def _redaction(cast: Cast, version: EvidenceVersion) -> Redaction:
    """Of words that the account holds once; the rest of it stays for the other pages."""
    start = version.account.index("sign")
    marks = [{"start": start, "end": start + 4}]
    return hide_in_account(version=version, marks=marks, by=cast.assessor)


def _own_guide(cast: Cast) -> MarkingGuide:
    return MarkingGuide.objects.create(
        centre=cast.centre, title="Our own guide", published_at=timezone.now()
    )


def _learner_list(cast: Cast) -> LearnerList:
    table = read("name,email,unit\nAnn Bee,ann@example.org,NONE1\n")
    return keep_learner_list(
        centre=cast.centre, table=table, source_name="learners.csv", by=cast.admin
    )


def _draft_evidence(cast: Cast) -> dict[str, Any]:
    portfolio = cast.learner.portfolios.get()
    draft = make_version(portfolio)
    return {"draft_evidence": draft.evidence_id, "draft_version": draft.pk}


def _invitation(cast: Cast) -> dict[str, Any]:
    invitation, token = invite(
        centre=cast.centre,
        email=f"new-{cast.centre.slug}@example.org",
        name="New Person",
        role="learner",
        by=cast.admin,
    )
    return {"invitation": invitation.pk, "token": token}


def _witness(cast: Cast, enrolment: Enrolment) -> dict[str, Any]:
    invitation, token = invite_witness(
        enrolment=enrolment,
        name="Pat Moss",
        email="pat@shop.example",
        criteria=list(enrolment.edition.criteria.all()),
        message="The call on Saturday.",
        as_expert=False,
        by=cast.learner,
    )
    expert = approve_expert(
        centre=cast.centre,
        name="Pat Moss",
        email="pat@shop.example",
        competence="Twenty years in the trade.",
        edition=enrolment.edition,
        by=cast.admin,
    )
    return {"witness": invitation.pk, "witness_token": token, "expert": expert.pk}


def _draft_standard(cast: Cast) -> dict[str, Any]:
    text = (
        "Serve tea\n\nURN: TEA1\n\nPerformance criteria\nYou must be able to:\n"
        "1. boil fresh water\n2. warm the pot\n\nKnowledge and understanding\n"
        "You need to know and understand:\n1. why fresh water matters\n2. how long to wait\n"
    )
    draft = read_draft(centre=cast.centre, text=text, source_name="tea.txt", by=cast.admin)[0]
    return {"draft": draft.pk}


def _plan(cast: Cast, enrolment: Enrolment) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=7)
    plan = make_plan(
        enrolment=enrolment,
        note="The counter on Saturday.",
        review_on=day,
        planned=[Planned(who="learner", text="Film a talk.", due_on=day)],
        by=cast.assessor,
    )
    return {"plan": plan.pk, "plan_action": plan.actions.get().pk}


def _method_rule(cast: Cast, edition: Edition) -> MethodRule:
    rules = add_method_rules(
        centre=cast.centre,
        edition=edition,
        criteria=[edition.criteria.first()],
        kind="required",
        methods=["observation"],
        by=cast.admin,
    )
    return rules.methods.get()


def _imported(cast: Cast, enrolment: Enrolment) -> ImportedDecision:
    """The last criterion, which nothing else in this world claims."""
    (row,) = import_decisions(
        enrolment=enrolment,
        criteria=[enrolment.edition.criteria.last()],
        decided_at_centre="Westside Centre",
        decided_by_name="Uma Grant",
        decided_on=timezone.localdate(),
        seen="The signed unit record.",
        by=cast.admin,
    )
    return row


def _notice(cast: Cast) -> Notice:
    tell(
        recipient=cast.learner,
        centre=cast.centre,
        kind="decided",
        about="a-decision",
        text="Evidence 1 was looked at.",
        path=f"/c/{cast.centre.slug}/",
    )
    return Notice.objects.get(recipient=cast.learner, about="a-decision")


def _likeness(cast: Cast, version: EvidenceVersion) -> dict[str, Any]:
    """Between both learners' evidence, and a form that many use."""
    other = EvidenceVersion.objects.get(evidence__portfolio__learner=cast.second_learner)
    photo = version.files.order_by("order")[0]
    flag = Likeness.objects.create(
        kind="picture", version=version, file=photo, other_version=other, sides="a", share=0.9
    )
    form = TemplateText.objects.create(
        centre=cast.centre, name="A form", kind="text", added_by=cast.iqa
    )
    return {"likeness": flag.pk, "side": 1, "template": form.pk}


def _feedback(cast: Cast, waiting) -> dict[str, Any]:
    """What the assessor said and marked so far, and a phrase to say it with."""
    given = {"submission": waiting, "place": _whole_account(waiting.version), "by": cast.assessor}
    note = add_comment(text="Say when.", **given)
    place = add_place(claim=waiting.claims().select_related("criterion").get(), **given)
    phrase = add_phrase(
        centre=cast.centre, title="Dates", text="Say when, {learner}.", by=cast.assessor
    )
    return {"note": note.pk, "own_place": place.pk, "phrase": phrase.pk}


def _whole_account(version: EvidenceVersion) -> dict[str, Any]:
    return {"kind": "whole", "file": None, "sha256": Ground(version).account_sha256}


def _countersignature(cast: Cast, edition, guide) -> dict[str, Any]:
    portfolio = make_portfolio(cast.centre, cast.second_learner)
    enrolment = make_enrolment(portfolio, edition, cast.trainee)
    version = make_version(portfolio)
    make_claims(version, enrolment)
    submission = submit(version=version, declared=True, by=cast.second_learner)[0]
    for claim in version.claims.all():
        save_judgement(
            claim=claim,
            submission=submission,
            outcome="met",
            reason="Clear.",
            feedback="",
            by=cast.trainee,
            **FIVE,
        )
    action = add_action_point(
        submission=submission,
        text="Keep a diary.",
        due_on=timezone.localdate() + timedelta(days=7),
        by=cast.trainee,
    )
    accept(submission=submission, feedback="Good.", personal_data="clear", by=cast.trainee)
    points = {point.pk: [version.pk] for point in guide.marking_points.all()}
    provisional = sign_off(
        enrolment=enrolment, credits=points, personal_data_checked=True, by=cast.trainee
    )
    return {
        "decided_action": action.pk,
        "sign_off": provisional.pk,
        "decided": submission.pk,
        "signed_enrolment": enrolment.pk,
    }


def _tie_and_appeal(cast: Cast, portfolio: Portfolio, decided: int) -> dict[str, Any]:
    """What an admin declared of the assessor, and the second learner's appeal."""
    tie = declare_interest(
        portfolio=portfolio,
        person=cast.assessor,
        kind="work",
        note="The same employer.",
        by=cast.admin,
    )
    sent = Submission.objects.get(pk=decided)
    return {
        "tie": tie.pk,
        "appeal": appeal(submission=sent, grounds="Why so?", by=cast.second_learner).pk,
    }


def _archive(cast: Cast, portfolio: Portfolio) -> dict[str, Any]:
    """Exports that were asked for at once, and the address the admin was given for their ZIP."""
    bulk = Bulk.objects.create(centre=cast.centre, requested_by=cast.admin, chosen="Autumn")
    report = Report.objects.create(
        portfolio=portfolio,
        requested_by=cast.admin,
        bulk=bulk,
        status="done",
        blob=keep_bytes(chunks=[b"%PDF-1.7"], media_type="application/pdf"),
        pages=1,
        finished_at=timezone.now(),
        hidden_before=Redaction.objects.filter(evidence__portfolio=portfolio).count(),
    )
    assert packing.find_checksum(report)
    reports = list(in_archive(bulk, bulk.requested_by))
    etag = packing.etag_of(packing.archive_of(bulk, reports), reports)
    ticket = sending.Ticket(bulk.pk, cast.admin.pk, etag, []).signed()
    deposit = Deposit.objects.create(bulk=bulk, asked_by=cast.admin, reports=[report.pk])
    return {"bulk": bulk.pk, "ticket": ticket, "deposit": deposit.pk}
