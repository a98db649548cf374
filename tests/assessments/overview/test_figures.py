"""A centre in figures, counted by hand."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import actions
from assessments.models import Submission, Withdrawal
from assessments.overview.charts import bars
from portfolio.actions import new_version
from tests.assessments.conftest import count_queries
from tests.assessments.overview.conftest import Small, learner_on, moved
from tests.factories import make_edition, make_enrolment


@pytest.fixture
def admin(small: Small, signed_in):
    return signed_in(small.cast.admin)


def page(client, url_of, **query):
    answer = client.get(url_of("overview"), query)
    assert answer.status_code == 200
    return answer


def test_the_whole(small: Small, admin, url_of):
    whole = page(admin, url_of).context["whole"]
    assert (whole.learners, whole.active, whole.signed_off) == (3, 3, 0)
    assert (whole.waiting, whole.stuck) == (1, 1)
    assert (timezone.now() - whole.oldest).days == 5
    # Amira 2 days, Lena 6, Omar 1; Lena's was sent back.
    assert (whole.decided, whole.days) == (3, 3.0)
    assert (whole.first, whole.first_accepted, whole.first_share) == (3, 2, 66)


def groups(client, url_of, **query):
    return {each.name: each for each in page(client, url_of, **query).context["page_obj"]}


def test_by_cohort_assessor_and_unit(small: Small, admin, url_of):
    cohorts = groups(admin, url_of, by="cohort")
    assert {name: (g.learners, g.stuck, g.waiting, g.decided) for name, g in cohorts.items()} == {
        "Autumn": (2, 1, 1, 2),
        "Spring": (1, 0, 0, 1),
    }
    assert (cohorts["Autumn"].days, cohorts["Autumn"].first_share) == (4.0, 50)
    people = groups(admin, url_of, by="assessor")
    assert {name: (g.learners, g.decided, g.days) for name, g in people.items()} == {
        "Ben Osei": (2, 2, 4.0),
        "Grace Lund": (1, 1, 1.0),
    }
    (unit,) = groups(admin, url_of).values()
    assert (unit.learners, unit.decided, unit.first_share) == (3, 3, 66)


def test_it_narrows(small: Small, admin, url_of):
    def whole(**query):
        found = page(admin, url_of, **query).context["whole"]
        return found.learners, found.waiting, found.decided

    assert whole(cohort="Spring") == (1, 0, 1)
    assert whole(assessor=small.cast.assessor.pk) == (2, 1, 2)
    assert whole(unit=make_edition().pk) == (0, 0, 0)
    assert whole(weeks=4) == (3, 1, 1)
    assert whole(weeks=52) == (3, 1, 3)
    assert whole(weeks="x", by="nonsense", assessor="x") == (3, 1, 3)


def test_a_decision_taken_back_counts_for_nothing(small: Small, admin, url_of):
    returned = small.lena.enrolment.submissions.get()
    Withdrawal.objects.create(
        kind="undone", submission=returned, by=small.cast.assessor, at=timezone.now()
    )
    whole = page(admin, url_of).context["whole"]
    assert (whole.decided, whole.first, whole.first_share) == (2, 2, 100)


def test_a_second_try_is_no_first_time(small: Small, admin, url_of):
    evidence = small.lena.enrolment.submissions.get().version.evidence
    version = new_version(evidence=evidence, by=small.lena.cast.learner)
    again = actions.submit(version=version, declared=True, by=small.lena.cast.learner)[0]
    small.lena.judge(again)
    actions.accept(
        submission=again, feedback="Good.", personal_data="clear", by=small.cast.assessor
    )
    whole = page(admin, url_of).context["whole"]
    assert (whole.decided, whole.first, whole.first_accepted) == (4, 3, 2)


def test_every_week_has_its_row_and_the_chart_its_bars(small: Small, admin, url_of):
    answer = page(admin, url_of)
    spans = answer.context["spans"]
    assert len(spans) == 12
    assert sum(span.figures.decided for span in spans) == 3
    assert answer.content.decode().count('<rect class="bar-of"') == 24
    months = page(admin, url_of, weeks=52).context["spans"]
    assert len(months) in {12, 13}
    assert all(span.starts.day == 1 for span in months)


def test_bars_are_as_high_as_their_values():
    chart = bars([("a", 10, "10"), ("b", 5, "5"), ("c", None, "")])
    assert [bar.height for bar in chart.bars] == [114, 57, 0]
    assert chart.bars[0].y + chart.bars[0].height == chart.ground
    assert [bar.height for bar in bars([("a", 50, "50 %")], full=100).bars] == [57]
    assert bars([]).bars == []


def test_it_sorts_and_goes_out_as_a_file(small: Small, admin, url_of):
    query = {"by": "cohort", "sort": "-learners"}
    assert list(groups(admin, url_of, **query)) == ["Autumn", "Spring"]
    assert list(groups(admin, url_of, by="cohort", sort="learners")) == ["Spring", "Autumn"]
    answer = admin.get(url_of("overview"), {**query, "as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Cohort"], row["Days to a decision"]) for row in rows] == [
        ("Autumn", "4.0"),
        ("Spring", "1.0"),
    ]


def test_an_empty_centre(signed_in, cast, url_of):
    body = page(signed_in(cast.iqa), url_of).content.decode()
    assert "Nothing was decided in this period" in body
    assert "Nothing to compare yet" in body


def test_another_centre_is_not_counted(small: Small, outsiders, signed_in, url_of):
    outsiders.centre.memberships.create(user=small.cast.admin, role="admin")
    url = url_of("overview").replace(small.cast.centre.slug, outsiders.centre.slug)
    whole = signed_in(small.cast.admin).get(url).context["whole"]
    assert (whole.learners, whole.waiting, whole.decided) == (0, 0, 0)


@pytest.mark.parametrize("by", ["unit", "cohort", "assessor"])
def test_statements_do_not_grow(small: Small, admin, url_of, by):
    url = url_of("overview") + f"?by={by}"
    admin.get(url)
    few = count_queries(admin, url)
    for number in range(6):
        one = learner_on(
            small.unit,
            f"More {number}",
            cohort=f"C{number}",
            assessor=small.cast.other_assessor,
            days=9,
        )
        make_enrolment(one.portfolio, make_edition(), small.cast.trainee)
        one.submitted("P1")
    assert count_queries(admin, url) == few
    assert few <= 15


def test_the_day_the_submission_came_is_what_counts(small: Small, admin, url_of):
    late = small.omar.submitted("P1")
    moved(late, handed_in=30)
    whole = page(admin, url_of).context["whole"]
    assert whole.oldest == Submission.objects.get(pk=late.pk).submitted_at
    assert timezone.now() - whole.oldest > timedelta(days=29)
