"""What a page costs: its SQL statements, the server's CPU time and the bytes it sends."""

import itertools
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from assessments.models import Judgement
from bench.world import World
from portfolio.models import Claim

RUNS = 11


@dataclass(frozen=True)
class Cost:
    """One page, the median of RUNS after a warm-up."""

    name: str
    sql: int
    cpu_ms: float
    gzip_bytes: int


def costs(world: World) -> list[Cost]:
    """The four pages of the issue, for one world."""
    centre = world.centre.slug
    unit = reverse("portfolio:unit", args=[centre, world.enrolment.pk])
    marking = reverse("assessments:submission", args=[centre, world.waiting.pk])
    queue = reverse("assessments:queue", args=[centre])
    claims = list(Claim.objects.filter(version=world.waiting.version))
    judge = reverse("assessments:judge", args=[centre, world.waiting.pk, claims[0].pk])
    learner, assessor = signed_in(world.learner), signed_in(world.assessor)
    return [
        _cost("learner's unit page", lambda: learner.get(unit)),
        _cost("assessor's queue of 50", lambda: assessor.get(queue)),
        _cost("marking page", lambda: assessor.get(marking)),
        _cost("saving one judgement", changes_of_mind(assessor, judge)),
    ]


def changes_of_mind(assessor: Client, judge: str) -> Callable[[], HttpResponse]:
    """Each save is a new judgement, so each writes its ledger entry; as the page sends it."""
    outcomes = itertools.cycle(["met", "not_yet"])
    five = dict.fromkeys(Judgement.VARCS, "on")

    def ask() -> HttpResponse:
        fields = {"outcome": next(outcomes), "reason": "Clear.", "feedback": "", **five}
        return assessor.post(judge, fields, headers={"hx-request": "true"})

    return ask


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-encoding": "gzip"}, SERVER_NAME=settings.ALLOWED_HOSTS[0])
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def _cost(name: str, ask: Callable[[], HttpResponse]) -> Cost:
    answer = ask()
    if answer.status_code not in {200, 302}:
        raise RuntimeError(f"{name} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        ask()
        sql = len(queries)  # read here: the next request empties the list
    spent = []
    for _ in range(RUNS):
        before = time.process_time()
        answer = ask()
        spent.append((time.process_time() - before) * 1000)
    return Cost(name, sql, statistics.median(spent), len(answer.content))
