"""Whose a transfer is, and what it asks the database."""

from django.test import Client

from files.transfers import actions
from tests.files.transfers.tus import BYTES, DATA, SIZE, Tus


def test_only_the_owner_finds_it(tus, cast, outsiders):
    url = tus.begin()
    everyone = [*cast.people().values(), *outsiders.people().values()]
    found = []
    for person in everyone:
        tus.client.force_login(person)
        answers = [tus.head(url), tus.patch(url, b"x", 0), tus.ask("DELETE", url)]
        found += [person] * (answers[0].status_code != 404)
        assert len({answer.status_code == 404 for answer in answers}) == 1
    assert found == [cast.learner]


def test_through_another_centre_of_ones_own(tus, cast, outsiders):
    url = tus.begin()
    elsewhere = url.replace(cast.centre.slug, outsiders.centre.slug)
    assert tus.head(elsewhere).status_code == 404


def test_signed_out(tus, cast):
    url = tus.begin()
    tus.client.logout()
    answers = [tus.post(), tus.head(url), tus.patch(url, DATA, 0), tus.ask("DELETE", url)]
    assert [answer.status_code for answer in answers] == [401] * 4


def test_without_the_forms_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.learner)
    tus = Tus(client, cast.centre)
    assert tus.post().status_code == 403
    transfer = actions.begin(
        name="a.pdf", length=9, metadata="", centre=cast.centre, by=cast.learner
    )
    url = f"{tus.place}{transfer.pk}/"
    assert tus.patch(url, b"x", 0).status_code == 403
    assert tus.ask("DELETE", url).status_code == 403
    assert tus.ask("POST", url, X_HTTP_Method_Override="DELETE").status_code == 403
    assert tus.offset(url) == 0


def test_how_many_queries(tus, django_assert_num_queries):
    tus.post(DATA, Content_Type=BYTES)
    with django_assert_num_queries(20):
        tus.post(DATA + b"other", Upload_Length=SIZE + 5, Content_Type=BYTES)
