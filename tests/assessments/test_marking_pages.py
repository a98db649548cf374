import pytest
from django.utils import timezone

from assessments import actions
from assessments.models import ActionPoint, FeedbackDraft, Judgement, Submission
from files.models import Blob
from ledger.models import Entry
from portfolio.actions import new_version
from portfolio.models import Allocation, EvidenceFile
from tests.assessments.conftest import ALL_FIVE, count_queries

FIVE_ON = dict.fromkeys(ALL_FIVE, "on")
HTMX = {"HX-Request": "true"}
MET = {"outcome": "met", "reason": "", "feedback": "", **FIVE_ON}


def body(answer):
    return answer.content.decode()


@pytest.fixture
def submission(unit):
    return unit.submitted("P1", "P2")


@pytest.fixture
def address(url_of, submission):
    return url_of("submission", pk=submission.pk)


@pytest.fixture
def judge_url(url_of, submission):
    def of(code="P1"):
        claim = submission.claims().get(criterion__code=code)
        return url_of("judge", pk=submission.pk, claim_pk=claim.pk)

    return of


def status_now(submission):
    return Submission.objects.get(pk=submission.pk).status


# Seeing -------------------------------------------------------------------------------------


def test_the_page_has_evidence_claims_and_guide(unit, theirs, submission, address):
    blob = Blob.objects.create(sha256="ab" * 32, size=9, media_type="image/jpeg")
    file = EvidenceFile.objects.create(
        version=submission.version, blob=blob, name="Photo.jpg", order=1
    )
    text = body(theirs.get(address))
    assert "<p>I did the work.</p>" in text
    assert f'<img src="/c/{unit.cast.centre.slug}/files/{file.pk}/?preview=1"' in text
    assert "do what P1 asks" in text
    assert "do what K1 asks" not in text
    assert "Award credit for point 2." in text
    assert "Once is enough." in text
    assert submission.frozen_sha256 in text
    assert "It matches" in text


def test_a_changed_submission_is_told(theirs, submission, address):
    Submission.objects.filter(pk=submission.pk).update(frozen={**submission.frozen, "title": "X"})
    assert "It does not match" in body(theirs.get(address))


def test_earlier_judgements_on_the_criterion_are_at_hand(unit, theirs, url_of):
    first = unit.submitted("P1")
    unit.judge(first, P1="No date on the note")
    actions.return_(submission=first, feedback="Again.", by=unit.cast.assessor)
    version = new_version(evidence=first.version.evidence, by=unit.cast.learner)
    (again,) = actions.submit(version=version, declared=True, by=unit.cast.learner)
    text = body(theirs.get(url_of("submission", pk=again.pk)))
    assert "Evidence 1, version 1" in text
    assert "No date on the note" in text


def test_previous_and_next_follow_the_queue(unit, theirs, url_of):
    first, second, third = (unit.submitted("P1") for _ in range(3))
    around = theirs.get(url_of("submission", pk=second.pk)).context["around"]
    assert (around.previous, around.next) == (first.pk, third.pk)
    around = theirs.get(url_of("submission", pk=first.pk)).context["around"]
    assert (around.previous, around.next) == (None, second.pk)


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("assessor", 200),
        ("trainee", 200),
        ("iqa", 200),
        ("admin", 200),
        ("learner", 403),
        ("second_learner", 404),
        ("other_assessor", 404),
    ],
)
def test_who_sees_the_page(unit, signed_in, address, part, status):
    assert signed_in(unit.cast.people()[part]).get(address).status_code == status


def test_outsiders_find_nothing(unit, outsiders, signed_in, address, submission):
    """Neither at the centre's address nor at their own."""
    client = signed_in(outsiders.assessor)
    assert client.get(address).status_code == 404
    own = address.replace(unit.cast.centre.slug, outsiders.centre.slug)
    assert client.get(own).status_code == 404
    assert client.post(own + "accept/", {"feedback": "x"}).status_code == 404
    assert status_now(submission) == "waiting"


def test_onlookers_see_no_draft_and_no_form(unit, signed_in, address, submission):
    unit.judge(submission, P1="A secret draft")
    for part in ("iqa", "admin"):
        text = body(signed_in(unit.cast.people()[part]).get(address))
        assert "A secret draft" not in text
        assert "Return to the learner" not in text


def test_an_assessor_sees_only_their_own_draft(unit, signed_in, theirs, address, submission):
    unit.judge(submission, P1="A secret draft")
    assert "A secret draft" in body(theirs.get(address))
    assert "A secret draft" not in body(signed_in(unit.cast.trainee).get(address))


# Saving -------------------------------------------------------------------------------------


def test_saving_one_judgement_by_htmx(theirs, judge_url):
    answer = theirs.post(judge_url(), MET | {"reason": "Clear."}, headers=HTMX)
    assert answer.status_code == 200
    saved = Judgement.objects.get()
    assert (saved.outcome, saved.reason, saved.all_five) == ("met", "Clear.", True)
    assert f"Saved {timezone.localtime(saved.saved_at):%H:%M}" in " ".join(body(answer).split())
    assert "1 met, 0 not yet, 1 to judge" in " ".join(body(answer).split())


def test_saving_one_judgement_without_javascript(theirs, judge_url, address):
    answer = theirs.post(judge_url(), MET, follow=True)
    assert answer.status_code == 200
    assert "Saved." in body(answer)
    (redirect,) = answer.redirect_chain
    claim = Judgement.objects.get().claim
    assert redirect[0] == f"{address}#claim-{claim.pk}"


def test_an_unfinished_judgement_is_saved_too(theirs, judge_url):
    answer = theirs.post(judge_url(), {"outcome": "", "reason": "Half a sen"}, headers=HTMX)
    assert answer.status_code == 200
    assert Judgement.objects.get().reason == "Half a sen"


@pytest.mark.parametrize("bad", [{"outcome": "maybe"}, {"reason": "x" * 10_001}])
def test_a_judgement_of_the_wrong_shape_is_422_and_keeps_the_words(theirs, judge_url, bad):
    words = {"feedback": "Words I typed"}
    answer = theirs.post(judge_url(), MET | words | bad)
    assert answer.status_code == 422
    assert "There is a problem" in body(answer)
    assert "Words I typed" in body(answer)
    answer = theirs.post(judge_url(), MET | bad, headers=HTMX)
    assert answer.status_code == 422
    assert "Not saved." in body(answer)
    assert not Judgement.objects.exists()


def test_a_claim_of_another_submission_is_404(unit, theirs, url_of, submission):
    other = unit.submitted("K1").claims().get()
    url = url_of("judge", pk=submission.pk, claim_pk=other.pk)
    assert theirs.post(url, MET).status_code == 404


@pytest.mark.parametrize("part", ["iqa", "admin", "learner"])
def test_who_may_not_judge(unit, signed_in, url_of, submission, judge_url, part):
    client = signed_in(unit.cast.people()[part])
    urls = [judge_url(), *(url_of(n, pk=submission.pk) for n in ("feedback", "accept", "return"))]
    for url in [*urls, url_of("add_action", pk=submission.pk)]:
        assert client.post(url, MET | {"feedback": "x"}).status_code == 403, url
        assert client.post(url, {"outcome": "maybe"}).status_code == 403, url
    assert not Judgement.objects.exists()
    assert status_now(submission) == "waiting"


def test_nothing_is_changed_by_get(theirs, url_of, submission, judge_url):
    for url in [
        judge_url(),
        url_of("accept", pk=submission.pk),
        url_of("return", pk=submission.pk),
    ]:
        assert theirs.get(url).status_code == 405


def test_the_feedback_is_saved_and_offered_again(theirs, url_of, submission, address):
    answer = theirs.post(
        url_of("feedback", pk=submission.pk), {"feedback": "So far so"}, headers=HTMX
    )
    assert "Saved" in body(answer)
    assert FeedbackDraft.objects.get().text == "So far so"
    assert "So far so" in body(theirs.get(address))


def test_actions_are_added_and_taken_out(theirs, url_of, submission, address):
    add = url_of("add_action", pk=submission.pk)
    day = timezone.localdate().isoformat()
    assert theirs.post(add, {"text": "Add a photo", "due_on": day}).status_code == 302
    point = ActionPoint.objects.get()
    assert "Add a photo" in body(theirs.get(address))
    for data in ({"text": "", "due_on": day}, {"text": "x", "due_on": "2020-01-01"}, {}):
        assert theirs.post(add, data).status_code == 422
    remove = url_of("remove_action", pk=submission.pk, action_pk=point.pk)
    assert theirs.post(remove).status_code == 302
    assert not ActionPoint.objects.exists()
    assert theirs.post(remove).status_code == 404


# Deciding -----------------------------------------------------------------------------------


def test_accepting_goes_on_to_what_waits_next(unit, theirs, url_of, submission):
    waits = unit.submitted("K1")
    unit.judge(submission)
    answer = theirs.post(
        url_of("accept", pk=submission.pk), {"feedback": "Good.", "personal_data": "clear"}
    )
    assert answer.url == f"{url_of('submission', pk=waits.pk)}?after={submission.pk}"
    assert status_now(submission) == "accepted"


def test_the_queue_stays_within_its_narrowing(unit, theirs, url_of, second_unit, submission):
    Allocation.objects.create(enrolment=second_unit, assessor=unit.cast.assessor)
    draft = unit.draft("P1", enrolment=second_unit)
    actions.submit(version=draft, declared=True, by=unit.cast.learner)
    waits = unit.submitted("K1")
    unit.judge(submission)
    narrowed = f"?unit={unit.enrolment.edition_id}"
    around = theirs.get(url_of("submission", pk=submission.pk) + narrowed).context["around"]
    assert (around.next, around.place, around.length) == (waits.pk, 1, 2)
    answer = theirs.post(
        url_of("accept", pk=submission.pk) + narrowed,
        {"feedback": "Good.", "personal_data": "clear"},
    )
    assert answer.url == url_of("submission", pk=waits.pk) + f"{narrowed}&after={submission.pk}"


def test_a_page_that_is_loaded_ahead_keeps_what_there_is_to_tell(unit, theirs, url_of, submission):
    waits = unit.submitted("K1")
    unit.judge(submission)
    theirs.post(url_of("accept", pk=submission.pk), {"feedback": "Good.", "personal_data": "clear"})
    at = url_of("submission", pk=waits.pk)
    assert "Evidence 1 is accepted." not in body(
        theirs.get(at, headers={"Sec-Purpose": "prefetch"})
    )
    assert "Evidence 1 is accepted." in body(theirs.get(at))


def test_the_pictures_of_the_next_item_are_named_ahead(theirs, url_of, submission):
    blob = Blob.objects.create(sha256="ab" * 32, size=9, media_type="image/jpeg")
    file = EvidenceFile.objects.create(
        version=submission.version, blob=blob, name="Photo.jpg", order=1
    )
    (picture,) = theirs.get(url_of("ahead", pk=submission.pk)).json()["pictures"]
    assert picture.endswith(f"/files/{file.pk}/?preview=1")


def test_after_the_last_one_comes_the_queue(unit, theirs, url_of, submission):
    unit.judge(submission, P2="Unclear")
    answer = theirs.post(url_of("return", pk=submission.pk), {"feedback": "Nearly."}, follow=True)
    assert answer.redirect_chain == [(url_of("queue"), 302)]
    assert "Evidence 1 is returned." in body(answer)
    assert status_now(submission) == "returned"


def test_what_is_missing_is_said_with_links(theirs, url_of, submission, judge_url):
    theirs.post(judge_url("P1"), {"outcome": "not_yet", "reason": ""})
    answer = theirs.post(url_of("return", pk=submission.pk), {"feedback": ""})
    assert answer.status_code == 422
    text = body(answer)
    first, second = submission.claims().order_by("criterion__order")
    assert f'<a href="#claim-{first.pk}">Say why P1 is not met yet.</a>' in text
    assert f'<a href="#claim-{second.pk}">P2 is not judged yet.</a>' in text
    assert '<a href="#id_feedback">Write feedback to the learner.</a>' in text
    assert status_now(submission) == "waiting"
    assert "Return to the learner" in text  # the page can still be used


def test_a_refused_decision_keeps_the_feedback_that_was_typed(theirs, url_of, submission):
    answer = theirs.post(
        url_of("accept", pk=submission.pk), {"feedback": "Words I typed", "personal_data": "clear"}
    )
    assert answer.status_code == 422
    assert "Words I typed" in body(answer)


def test_the_second_decision_is_409_and_keeps_the_words(unit, signed_in, url_of, submission):
    unit.judge(submission)
    unit.judge(submission, by=unit.cast.trainee, P1="My reason")
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    client = signed_in(unit.cast.trainee)
    answer = client.post(url_of("return", pk=submission.pk), {"feedback": "Words I typed"})
    assert answer.status_code == 409
    assert "Ben Osei already accepted this on" in body(answer)
    assert "Words I typed" in body(answer)
    assert "My reason" in body(client.get(url_of("submission", pk=submission.pk)))
    assert status_now(submission) == "accepted"


def test_a_late_save_is_409_and_keeps_the_words(unit, signed_in, url_of, submission, judge_url):
    unit.judge(submission)
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    client = signed_in(unit.cast.trainee)
    answer = client.post(judge_url(), MET | {"reason": "Words I typed"})
    assert answer.status_code == 409
    assert "Words I typed" in body(answer)
    answer = client.post(judge_url(), MET, headers=HTMX)
    assert answer.status_code == 409
    assert "<html" not in body(answer)
    assert "Ben Osei already accepted this on" in body(answer)


def test_a_decided_submission_is_read_only(unit, theirs, url_of):
    submission = unit.accepted("P1")
    text = body(theirs.get(url_of("submission", pk=submission.pk)))
    assert "Ben Osei accepted this" in text
    assert "valid, authentic, reliable, current, sufficient" in text
    assert submission.frozen_sha256 in text
    assert "Return to the learner" not in text


# Measures -----------------------------------------------------------------------------------


def grown(unit, times):
    for _ in range(times):
        returned = unit.submitted("P1", "P2")
        unit.judge(returned, P1="No", P2="No")
        actions.return_(submission=returned, feedback="No.", by=unit.cast.assessor)
        unit.submitted("P1", "P2")


def test_the_marking_page_takes_at_most_20_queries_however_much_there_is(
    unit, theirs, submission, address
):
    unit.judge(submission)
    actions.add_action_point(
        submission=submission, text="x", due_on=timezone.localdate(), by=unit.cast.assessor
    )
    grown(unit, 1)
    few = count_queries(theirs, address)
    grown(unit, 4)
    for number in range(5):
        blob = Blob.objects.create(sha256=f"{number:064}", size=9, media_type="image/jpeg")
        EvidenceFile.objects.create(
            version=submission.version, blob=blob, name="x.jpg", order=number
        )
    assert count_queries(theirs, address) == few
    assert few <= 20


def test_a_judgement_and_its_ledger_entry_take_at_most_20_queries(
    unit, theirs, submission, judge_url
):
    theirs.post(judge_url("P1"), MET, headers=HTMX)
    few = count_queries(theirs, judge_url("P1"), {**MET, "outcome": "not_yet"})
    grown(unit, 3)
    assert count_queries(theirs, judge_url("P1"), MET) == few
    judgement = submission.judgements.get()
    own = Entry.objects.filter(subject=f"assessments.judgement:{judgement.pk}")
    assert own.count() == 3
    assert few <= 20


def test_a_decision_s_queries_do_not_grow_with_its_claims(unit, theirs, url_of):
    small, large = unit.submitted("P1"), unit.submitted("P1", "P2", "K1")
    for submission in (small, large):
        unit.judge(submission)
    data = {"feedback": "Good.", "personal_data": "clear"}
    few = count_queries(theirs, url_of("accept", pk=small.pk), data)
    assert count_queries(theirs, url_of("accept", pk=large.pk), data) <= few + 1
