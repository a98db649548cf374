"""The pages on what looks alike: who sees them, what of the other side, in how many queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Role, User
from ledger.models import Entry
from portfolio.actions.likenesses import add_template, compare, end_template
from portfolio.likeness import queue, tasks
from portfolio.models import EvidenceVersion, Likeness, TemplateText
from tests.factories import Cast, make_member
from tests.portfolio.likeness.conftest import Learner, drawing, prose, saved

FORM = prose(60, 80)
AMIRAS = "I will never tell anybody about the blue umbrella"
TOMS = "He kept the red bicycle behind the counter all week"


@pytest.fixture
def flag(amira: Learner, tom: Learner) -> Likeness:
    """Amira is Ben's (`assessor`) to assess, Tom is Grace's (`other_assessor`)."""
    amira.hands_in(f"{AMIRAS}. {FORM}")
    tom.hands_in(f"{FORM} {TOMS}.")
    return Likeness.objects.get()


@pytest.fixture
def address(cast: Cast):
    def address(name: str, **kwargs) -> str:
        return reverse(f"portfolio:{name}", kwargs={"centre": cast.centre.slug, **kwargs})

    return address


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


SEES = {
    "learner": False,
    "second_learner": False,
    "assessor": True,
    "other_assessor": True,
    "trainee": False,  # has neither of the two to assess
    "iqa": True,
    "admin": False,
    "data_lead": False,
}


@pytest.mark.parametrize(("role", "sees"), SEES.items())
def test_who_sees_a_flag(cast, flag, role, sees):
    user = getattr(cast, role)
    assert Likeness.objects.visible_to(user).exists() is sees


@pytest.mark.parametrize("role", ["learner", "assessor", "iqa", "admin"])
def test_at_another_centre_nobody_does(flag, outsiders, role):
    assert not Likeness.objects.visible_to(getattr(outsiders, role)).exists()


@pytest.mark.parametrize("side", ["learner", "second_learner"])
@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.IQA, Role.ADMIN])
def test_whoever_is_a_side_of_it_never_does(cast, flag, address, side, role):
    """Not even with another part to play at the centre."""
    user = getattr(cast, side)
    Membership.objects.create(centre=cast.centre, user=user, role=role)
    user = User.objects.get(pk=user.pk)
    assert not Likeness.objects.visible_to(user).exists()
    assert browser(user).get(address("likeness", pk=flag.pk)).status_code in (403, 404)


@pytest.mark.parametrize("role", ["learner", "second_learner", "admin", "data_lead"])
def test_no_page_of_theirs_says_a_word_of_it(cast, flag, address, role):
    client = browser(getattr(cast, role))
    for name, kwargs in [
        ("home", {}),
        ("evidence_list", {}),
        ("evidence", {"pk": flag.version.evidence_id}),
        ("evidence", {"pk": flag.other_version.evidence_id}),
        ("unit", {"pk": flag.version.claims.get().enrolment_id}),
        ("unit", {"pk": flag.other_version.claims.get().enrolment_id}),
        ("likenesses", {}),
        ("likeness", {"pk": flag.pk}),
        ("likeness_templates", {}),
    ]:
        said = client.get(address(name, **kwargs), follow=True).content.decode().lower()
        assert "alike" not in said, name
        assert "likeness" not in said, name


def test_a_learner_s_pages_take_as_many_queries_with_a_flag_as_without(cast, flag, address):
    client = browser(cast.learner)
    page = address("evidence", pk=flag.other_version.evidence_id)
    client.get(page)
    with CaptureQueriesContext(connection) as flagged:
        client.get(page)
    Likeness.objects.all().delete()
    with CaptureQueriesContext(connection) as clear:
        client.get(page)
    assert len(flagged) == len(clear)
    assert not any("likeness" in query["sql"] for query in flagged)


def test_nothing_of_it_goes_into_a_portfolio_s_ledger(flag, cast):
    add_template(likeness=flag, name="Form", by=cast.iqa)
    streams = {flag.version.evidence.portfolio.stream, flag.other_version.evidence.portfolio.stream}
    verbs = set(Entry.objects.filter(stream__in=streams).values_list("verb", flat=True))
    assert verbs == {"evidence_submitted"}


def test_the_marking_page_says_so_to_the_assessor(cast, flag):
    submission = flag.version.submissions.get()
    url = reverse(
        "assessments:submission", kwargs={"centre": cast.centre.slug, "pk": submission.pk}
    )
    page = browser(cast.other_assessor).get(url).content.decode()
    assert "Amira Khan, evidence 1" in page
    assert "It may be a shared form or shared work" in page
    assert f"/likenesses/{flag.pk}/" in page
    assert "likenesses" not in browser(cast.admin).get(url).content.decode()
    assert f"/likenesses/{flag.pk}/" in browser(cast.iqa).get(url).content.decode()


def test_both_sides_with_what_they_share_marked(cast, flag, address):
    page = browser(cast.iqa).get(address("likeness", pk=flag.pk)).content.decode()
    assert page.count(f"<mark>{FORM}") == 2
    assert AMIRAS in page
    assert TOMS in page
    assert "These two look alike" in page


def test_of_a_learner_one_does_not_assess_only_what_is_shared(cast, flag, address):
    page = browser(cast.assessor).get(address("likeness", pk=flag.pk)).content.decode()
    assert AMIRAS in page
    assert TOMS not in page
    assert page.count("<mark>") == 2
    assert "you see only what is alike" in page
    assert (
        reverse("portfolio:evidence", args=[cast.centre.slug, flag.version.evidence_id]) not in page
    )


def test_a_side_s_words_are_shown_as_words(cast, amira, tom, address):
    text = f"<script>alert(1)</script> {FORM}"
    amira.hands_in(text)
    tom.hands_in(text)
    page = browser(cast.iqa).get(address("likeness", pk=Likeness.objects.get().pk))
    assert "<script>alert(1)" not in page.content.decode()


def test_pictures_side_by_side(cast, amira, tom, address):
    amira.hands_in("", ("mine.jpg", saved(drawing(1))))
    tom.hands_in("", ("also.png", saved(drawing(1).resize((500, 375)), "PNG")))
    flag = Likeness.objects.get()
    client = browser(cast.assessor)
    page = client.get(address("likeness", pk=flag.pk)).content.decode()
    for side in (1, 2):
        url = address("likeness_picture", pk=flag.pk, side=side)
        assert url in page
        assert client.get(url)["Content-Type"].startswith("image/")
        assert browser(cast.learner).get(url).status_code == 403
        assert browser(cast.trainee).get(url).status_code == 404
    assert client.get(address("likeness_picture", pk=flag.pk, side=3)).status_code == 404


def test_the_list_and_what_narrows_it(cast, flag, amira, tom, address):
    amira.hands_in("", ("mine.jpg", saved(drawing(1))))
    tom.hands_in("", ("also.jpg", saved(drawing(1))))
    client = browser(cast.iqa)

    def rows(**wanted: str) -> int:
        return client.get(address("likenesses"), wanted).context["page_obj"].paginator.count

    assert rows() == 2
    assert rows(kind="text") == 1
    assert rows(kind="nonsense") == 2
    assert rows(text="amira") == 2
    assert rows(text="nobody") == 0
    assert rows(page="99") == 2


def test_the_list_takes_as_many_queries_for_fifty_as_for_one(cast, edition, amira, address):
    client = browser(cast.iqa)
    amira.hands_in(FORM)
    for name in ("Al", "Bo"):
        Learner(cast, make_member(cast.centre, "learner", name), edition).hands_in(FORM)
    client.get(address("likenesses"))
    with CaptureQueriesContext(connection) as few:
        client.get(address("likenesses"))
    for name in ("Cy", "Di", "Ed"):
        Learner(cast, make_member(cast.centre, "learner", name), edition).hands_in(FORM)
    with CaptureQueriesContext(connection) as many:
        assert b"Cy, evidence 1" in client.get(address("likenesses")).content
    assert Likeness.objects.count() == 15
    assert len(many) == len(few)


@pytest.mark.parametrize("role", ["assessor", "iqa"])
def test_what_they_share_is_said_to_be_a_form(cast, flag, address, role):
    client = browser(getattr(cast, role))
    answer = client.post(address("likeness_shared", pk=flag.pk), {"name": "Feedback form"})
    assert answer.status_code == 302
    assert not Likeness.objects.open().exists()
    template = TemplateText.objects.get()
    assert (template.name, template.added_by) == ("Feedback form", getattr(cast, role))
    page = client.get(address("likeness", pk=flag.pk)).content.decode()
    assert "which many use" in page
    assert b"Feedback form" in client.get(address("likeness_templates")).content
    (entry,) = Entry.objects.filter(verb="template_added")
    assert entry.stream_id == f"centre:{cast.centre.pk}"


def test_a_form_needs_a_name(cast, flag, address):
    answer = browser(cast.iqa).post(address("likeness_shared", pk=flag.pk), {"name": " "})
    assert answer.status_code == 422
    assert not TemplateText.objects.exists()


def test_a_trainee_may_look_and_not_decide(cast, edition, flag, amira, tom, address):
    amira.enrolment.allocations.create(assessor=cast.trainee)
    client = browser(cast.trainee)
    assert client.get(address("likeness", pk=flag.pk)).status_code == 200
    assert "many use" not in client.get(address("likeness", pk=flag.pk)).content.decode()
    assert client.post(address("likeness_shared", pk=flag.pk), {"name": "a"}).status_code == 403


def test_a_form_is_left_out_before_comparing(cast, edition, flag, tom):
    add_template(likeness=flag, name="Form", by=cast.iqa)
    third = Learner(cast, make_member(cast.centre, "learner", "Jo Lewis"), edition)
    third.hands_in(f"{FORM} {prose(61, 30)}")
    assert not Likeness.objects.open().exists()


def test_what_is_written_into_a_form_is_still_compared(cast, edition, flag, tom):
    add_template(likeness=flag, name="Form", by=cast.iqa)
    answer = prose(62, 60)
    tom.hands_in(f"{FORM} {answer}")
    third = Learner(cast, make_member(cast.centre, "learner", "Jo Lewis"), edition)
    third.hands_in(f"{FORM} {answer}")
    assert Likeness.objects.open().count() == 1


def test_other_flags_that_the_form_accounts_for_go_with_it_and_come_back(cast, edition, flag, tom):
    third = Learner(cast, make_member(cast.centre, "learner", "Jo Lewis"), edition)
    third.hands_in(FORM)
    assert Likeness.objects.open().count() == 3
    template = add_template(likeness=flag, name="Form", by=cast.iqa)
    assert Likeness.objects.open().count() == 2
    tasks.account_for_template(template.pk)
    assert Likeness.objects.open().count() == 0
    end_template(template=template, by=cast.iqa)
    assert Likeness.objects.open().count() == 3
    end_template(template=template, by=cast.iqa)
    assert Entry.objects.filter(verb="template_ended").count() == 1
    tasks.account_for_template(template.pk)  # too late: it has ended
    assert Likeness.objects.open().count() == 3


def test_flags_of_what_is_written_into_the_form_stay(cast, edition, flag, amira, tom):
    answer = prose(63, 60)
    amira.hands_in(f"{FORM} {answer}")
    tom.hands_in(f"{answer} {FORM}")
    before = Likeness.objects.open().count()
    tasks.account_for_template(add_template(likeness=flag, name="Form", by=cast.iqa).pk)
    assert before > Likeness.objects.open().count() == 1


def test_a_form_that_the_broker_lost_is_gone_through_later(cast, flag, monkeypatch):
    template = add_template(likeness=flag, name="Form", by=cast.iqa)
    sent: list[tuple[list[int], str]] = []
    monkeypatch.setattr(queue, "send", lambda pks, task="": sent.append((list(pks), task)))
    tasks.compare_what_waits()
    assert ([template.pk], queue.ACCOUNT_FOR) in sent
    sent.clear()
    tasks.account_for_template(template.pk)
    tasks.compare_what_waits()
    assert ([template.pk], queue.ACCOUNT_FOR) not in sent


def test_a_file_that_many_use(cast, edition, amira, tom):
    logo = saved(drawing(5))
    amira.hands_in("", ("logo.jpg", logo))
    tom.hands_in("", ("logo.jpg", logo))
    add_template(likeness=Likeness.objects.get(), name="Our logo", by=cast.iqa)
    third = Learner(cast, make_member(cast.centre, "learner", "Jo Lewis"), edition)
    third.hands_in("", ("logo.jpg", logo))
    assert not Likeness.objects.open().filter(kind=Likeness.Kind.SAME_BYTES).exists()


def test_a_picture_that_many_use(cast, edition, amira, tom):
    amira.hands_in("", ("logo.jpg", saved(drawing(5))))
    tom.hands_in("", ("logo.png", saved(drawing(5), "PNG")))
    add_template(likeness=Likeness.objects.get(), name="Our logo", by=cast.iqa)
    third = Learner(cast, make_member(cast.centre, "learner", "Jo Lewis"), edition)
    third.hands_in("", ("logo.jpg", saved(drawing(5), quality=30)))
    assert not Likeness.objects.open().exists()


def test_another_centre_s_form_counts_for_nothing_here(cast, flag, outsiders, address):
    TemplateText.objects.create(
        centre=outsiders.centre, name="Theirs", kind="text", added_by=outsiders.iqa
    )
    template = TemplateText.objects.get()
    compare(flag.version)
    assert Likeness.objects.open().exists()
    client = browser(cast.iqa)
    assert client.post(address("likeness_template_end", pk=template.pk)).status_code == 404
    assert b"Theirs" not in client.get(address("likeness_templates")).content


def test_a_file_without_words_or_picture_is_named(cast, amira, tom, address):
    notes = prose(70, 50).encode()
    amira.hands_in("", ("a.txt", notes))
    tom.hands_in("", ("b.txt", notes))
    page = browser(cast.iqa).get(address("likeness", pk=Likeness.objects.get().pk))
    assert b"a.txt" in page.content
    assert b"b.txt" in page.content


def test_a_withdrawn_side_is_still_a_side(cast, flag, address):
    EvidenceVersion.objects.filter(pk=flag.version_id).update(status="returned")
    assert browser(cast.iqa).get(address("likeness", pk=flag.pk)).status_code == 200
