"""Plays the main job on a demo centre, through the very actions that the pages call.

Each step is one transaction that ends with an entry in the ledger's stream "demo", so a step
is played wholly or not at all, and a second start repeats nothing.
"""

import contextlib
import io
import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.actions import accept_invitation, invite, open_centre
from accounts.models import Centre, User
from assessments.actions import (
    accept,
    add_action_point,
    return_,
    save_judgement,
    sign_off,
    submit,
)
from assessments.models import Judgement, Submission
from demo import desk, films, pictures
from demo.cast import FIXTURES, UNIT, centre_of, edition, enrolment_of, person
from files import store
from files.actions import receive
from files.models import Preview, Upload
from ledger.models import Entry
from ledger.record import record
from portfolio.actions import (
    allocate,
    claim,
    create_evidence,
    edit_evidence,
    enrol,
    new_version,
)
from portfolio.anchors import texts
from portfolio.models import Enrolment, EvidenceVersion
from reports.actions import request_report
from reports.models import Report
from reports.signing import self_signed
from standards.actions import publish_shared, read_draft, serve_shared
from standards.models import Edition, MarkingGuide
from standards.nos import read_text

PASSWORD = "signpost-demo-2026"  # noqa: S105 - the demo's only; nothing else has a default
DRAWN = {
    "board.jpg": pictures.board,
    "counter.mp4": films.counter,
    "prices.jpg": pictures.prices,
    "survey.png": pictures.survey,
}
PREVIEW_TRIES = 600  # a fifth of a second each
TITLES = {"customer-relationships-topic": {"title": "Customer relationships"}}

Say = Callable[[str], None]


class DemoFailed(Exception):
    """The main job did not come to its end; the sentence says why."""


@dataclass(frozen=True)
class Played:
    accounts: list[str]
    pdf: Path


def play(*, say: Say) -> Played:
    """Play every step that was not played yet, and wait for the worker to make the PDF."""
    story = json.loads((FIXTURES / "demo" / "centre.json").read_text())
    for name, words, step in _steps(story):
        if Entry.objects.filter(stream="demo", verb=name).exists():
            continue
        say(f"  {words}")
        _play_step(name, step, story)
        _wait_for_previews()
    return Played(accounts=_accounts(story), pdf=_portfolio_pdf(story, say))


def _steps(story: Mapping[str, Any]) -> list[tuple[str, str, Callable[[Any], None]]]:
    steps: list[tuple[str, str, Callable[[Any], None]]] = [
        ("standards", "Standards are published, with the marking guide", _publish_standards),
        ("people", "The centre opens and invites its people", _invite_people),
        ("drafts", "Two more standards wait for the admin to name them", _read_drafts),
    ]
    for portfolio in story["portfolios"]:
        name = story["people"][portfolio["learner"]]["name"]
        who = portfolio["learner"]
        steps.append((f"enrol {who}", f"{name} is enrolled on {UNIT}", _enrols(portfolio)))
        for number, item in enumerate(portfolio["evidence"], start=1):
            words = f"{name} describes “{item['title']}”{_with_files(item)}"
            steps.append((f"{who} {number} draft", words, _describes(portfolio, item)))
            words = f"{name} claims what it shows and submits it{_outcome(item)}"
            steps.append((f"{who} {number}", words, _submits(portfolio, number, item)))
        if who == "amira":
            steps.extend(desk.before_sign_off())
        if portfolio.get("sign_off"):
            assessor = story["people"][portfolio["assessor"]]["name"]
            words = f"{assessor} signs the unit off against the marking points"
            steps.append((f"sign off {who}", words, _signs_off(portfolio)))
    steps.extend(desk.scenes())
    steps.append(("export", "The admin asks for the portfolio as a PDF", _asks_for_export))
    return steps


def _with_files(item: Mapping[str, Any]) -> str:
    return f", with {', '.join(item['files'])}" if item.get("files") else ""


def _outcome(item: Mapping[str, Any]) -> str:
    if "return" in item:
        return ", has it back and submits it again" if "again" in item else " and has it back"
    return ", accepted" if "feedback" in item else ", which waits for the assessor"


def _play_step(name: str, step: Callable[[Any], None], story: Mapping[str, Any]) -> None:
    # What would be sent by e-mail goes to the console in the demo; here it would bury the steps.
    with contextlib.redirect_stdout(io.StringIO()), transaction.atomic():
        step(story)
        record(
            stream="demo", verb=name, subject=Centre.objects.order_by("pk")[0], by=None, facts={}
        )


def _wait_for_previews() -> None:
    """A place in a file can be marked once the worker has prepared it."""
    open_ones = Preview.objects.filter(status__in=[Preview.Status.QUEUED, Preview.Status.RUNNING])
    for _try in range(PREVIEW_TRIES):
        if not open_ones.exists():
            return
        time.sleep(0.2)
    raise DemoFailed("The worker does not prepare the files; see worker.log in the data folder.")


def _publish_standards(story: Mapping[str, Any]) -> None:
    centre = story["centre"]
    _, token = open_centre(
        name=centre["name"],
        slug=centre["slug"],
        number=centre["number"],
        admin_name=story["people"]["admin"]["name"],
        admin_email=story["people"]["admin"]["email"],
    )
    accept_invitation(token=token, password=PASSWORD)
    # One is there already if this step was cut off after it.
    with contextlib.suppress(FileExistsError):
        self_signed.make(Centre.objects.get(slug=centre["slug"]), years=3)
    for name in ("CFACSB15-2013-FE3M04", "CFACSB15-2021"):
        _publish(name)
    guide = _publish("customer-relationships-topic")
    if isinstance(guide, MarkingGuide):
        serve_shared(guide=guide, editions=[edition()])


def _publish(name: str) -> Edition | MarkingGuide:
    text = (FIXTURES / "texts" / f"{name}.txt").read_text()
    # The examiner's page prints no title.
    parsed = {**read_text(text)[0].as_dict(), **TITLES.get(name, {})}
    return publish_shared(parsed=parsed, source_text=text)


def _invite_people(story: Mapping[str, Any]) -> None:
    centre, admin = centre_of(story), person(story, "admin")
    for key, invited in story["people"].items():
        if key != "admin":
            _, token = invite(centre=centre, by=admin, **invited)
            accept_invitation(token=token, password=PASSWORD)


def _read_drafts(story: Mapping[str, Any]) -> None:
    for name in ("develop-customer-relationships", "improve-customer-relationships"):
        read_draft(
            centre=centre_of(story),
            text=(FIXTURES / "texts" / f"{name}.txt").read_text(),
            source_name=f"{name}.txt",
            by=person(story, "admin"),
        )


def _enrols(portfolio: Mapping[str, Any]) -> Callable[[Any], None]:
    def step(story: Mapping[str, Any]) -> None:
        admin = person(story, "admin")
        enrolment = enrol(
            centre=centre_of(story),
            learner=person(story, portfolio["learner"]),
            edition=edition(),
            started_on=date.fromisoformat(portfolio.get("started", "2026-09-01")),
            registration_number=portfolio["registration"],
            cohort=portfolio.get("cohort", story["cohort"]),
            by=admin,
        )
        allocate(enrolment=enrolment, assessor=person(story, portfolio["assessor"]), by=admin)

    return step


def _describes(portfolio: Mapping[str, Any], item: Mapping[str, Any]) -> Callable[[Any], None]:
    def step(story: Mapping[str, Any]) -> None:
        learner = person(story, portfolio["learner"])
        enrolment = enrolment_of(learner)
        create_evidence(
            portfolio=enrolment.portfolio,
            title=item["title"],
            method=item["method"],
            gathered_on=date.fromisoformat(item["date"]),
            account=item["account"],
            uploads=[_upload(name, enrolment, learner) for name in item.get("files", [])],
            personal_data=item.get("personal_data", "none"),
            permission_note=item.get("permission_note", ""),
            by=learner,
        )

    return step


def _submits(
    portfolio: Mapping[str, Any], number: int, item: Mapping[str, Any]
) -> Callable[[Any], None]:
    def step(story: Mapping[str, Any]) -> None:
        learner = person(story, portfolio["learner"])
        assessor = person(story, portfolio["assessor"])
        version = EvidenceVersion.objects.get(
            evidence__portfolio__learner=learner, evidence__number=number
        )
        wanted = _wanted(item["claims"])
        claim(
            version=version,
            places={pk: each.get("place", "") for pk, each in wanted.items()},
            anchors={pk: _anchors(each, version) for pk, each in wanted.items()},
            by=learner,
        )
        for submission in submit(version=version, declared=True, by=learner):
            _judges(submission, item, assessor)
        if "again" in item:
            _tries_again(version, item, learner, assessor)

    return step


def _upload(name: str, enrolment: Enrolment, learner: User) -> Upload:
    kept = FIXTURES / "demo" / "files" / name
    data = DRAWN[name]() if name in DRAWN else kept.read_bytes()
    file = SimpleUploadedFile(name, data)
    return receive(file=file, centre=enrolment.portfolio.centre, by=learner)


def _wanted(claims: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Criterion id to where it is shown; "P*" stands for every performance criterion. A bare
    text is the place in words alone."""
    wanted: dict[int, dict[str, Any]] = {}
    for criterion in edition().criteria.all():
        said = claims.get(criterion.code) or claims.get(criterion.code[0] + "*")
        if said:
            wanted[criterion.pk] = {"place": said} if isinstance(said, str) else said
    return wanted


def _anchors(said: Mapping[str, Any], version: EvidenceVersion) -> list[dict[str, Any]]:
    """The exact places, as a page would send them: words of the account, or part of a file."""
    files = {file.name: file for file in version.files.select_related("blob")}
    anchors = []
    for place in said.get("at", []):
        file = files.get(place.get("file", ""))
        on = file.blob.sha256 if file else texts.sha256_of(texts.account_text(version))
        plain = {"kind": "passage", **place, "sha256": on, "file": file.pk if file else None}
        anchors.append(plain)
    return anchors


def _judges(submission: Submission, item: Mapping[str, Any], assessor: User) -> None:
    if "return" in item and submission.version.number == 1:
        _judge_claims(submission, item["return"]["not_yet"], assessor)
        if "action" in item["return"]:
            due = timezone.localdate() + timedelta(days=14)
            add_action_point(
                submission=submission, text=item["return"]["action"], due_on=due, by=assessor
            )
        return_(
            submission=submission,
            feedback=item["return"]["feedback"],
            personal_data="",
            by=assessor,
        )
    elif "feedback" in item:
        _judge_claims(submission, {}, assessor)
        accept(submission=submission, feedback=item["feedback"], personal_data="clear", by=assessor)


def _judge_claims(submission: Submission, not_yet: Mapping[str, str], assessor: User) -> None:
    claims = submission.version.claims.filter(enrolment=submission.enrolment)
    for each in claims.select_related("criterion"):
        reason = not_yet.get(each.criterion.code, "")
        save_judgement(
            claim=each,
            submission=submission,
            outcome=Judgement.Outcome.NOT_YET if reason else Judgement.Outcome.MET,
            reason=reason or "The place named shows it clearly.",
            valid=True,
            authentic=True,
            reliable=True,
            current=True,
            sufficient=not reason,
            feedback="",
            by=assessor,
        )


def _tries_again(
    version: EvidenceVersion, item: Mapping[str, Any], learner: User, assessor: User
) -> None:
    again = new_version(evidence=version.evidence, by=learner)
    edit_evidence(
        version=again,
        title=again.title,
        method=again.method,
        gathered_on=again.gathered_on,
        account=item["again"]["account"],
        uploads=[],
        by=learner,
    )
    for submission in submit(version=again, declared=True, by=learner):
        _judges(submission, item, assessor)


def _signs_off(portfolio: Mapping[str, Any]) -> Callable[[Any], None]:
    def step(story: Mapping[str, Any]) -> None:
        enrolment = enrolment_of(person(story, portfolio["learner"]))
        met = list(
            EvidenceVersion.objects.filter(claims__enrolment=enrolment, claims__status="met")
            .distinct()
            .order_by("evidence__number", "number")
        )
        guide = enrolment.edition.marking_guides.get()
        credits = {
            point.pk: [met[n % len(met)].pk]
            for n, point in enumerate(guide.marking_points.order_by("number"))
        }
        assessor = person(story, portfolio["assessor"])
        sign_off(enrolment=enrolment, credits=credits, personal_data_checked=True, by=assessor)

    return step


def _asks_for_export(story: Mapping[str, Any]) -> None:
    learner = person(story, story["portfolios"][0]["learner"])
    request_report(portfolio=enrolment_of(learner).portfolio, by=person(story, "admin"))


def _portfolio_pdf(story: Mapping[str, Any], say: Say) -> Path:
    """Wait for the worker, saying how far it is; then put the PDF where a person finds it."""
    learner = person(story, story["portfolios"][0]["learner"])
    report = Report.objects.filter(portfolio__learner=learner).earliest("requested_at")
    place = Path(settings.DATA_DIR) / f"{learner.name} - portfolio.pdf"
    said = -25
    while report.status in {Report.Status.QUEUED, Report.Status.RUNNING}:
        if report.progress >= said + 25:
            said = report.progress
            say(f"  The worker makes the PDF: {said} %")
        time.sleep(0.2)
        report.refresh_from_db()
    if report.blob is None:
        raise DemoFailed(f"The portfolio's PDF could not be made. {report.error}")
    if not place.exists():
        with store.local(report.blob) as made:
            shutil.copyfile(made, place)
    return place


def _accounts(story: Mapping[str, Any]) -> list[str]:
    wide = max(len(each["email"]) for each in story["people"].values())
    return [
        f"{each['email']:<{wide}}  {PASSWORD}  {each['role'].replace('_', ' ')} ({each['name']})"
        for each in story["people"].values()
    ]
