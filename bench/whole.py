"""An assessor's day and a centre's overview at 200, 2,000 and 20,000 learners, on PostgreSQL.

A page's bare cost is that of its own SQL statements, sent as they are and read to the last row,
and of a plain Django template that prints the page's own lines, one variable each. Both times are
the shortest of RUNS, since whatever else the machine does can only add to them. CPU is the web
process's, the median; what the database spends is in both the page's time and the bare time.
"""

import gzip
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.http import HttpResponse
from django.template import Context, Engine
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.centres import Whole, make_editions, make_whole
from bench.pages import changes_of_mind, signed_in
from portfolio.models import Claim

SIZES = (200, 2_000, 20_000)
RUNS = 15
AT_MOST = {
    "queue of 50": 12,
    "marking page": 20,
    "saving one judgement": 20,
    "matrix of 50 × 10": 15,
    "centre overview": 15,
    "centre overview, by assessor": 15,
}
CPU_GROWTH = 1.3
OVER_BARE = 3.0
NO_WORK = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass(frozen=True)
class Cost:
    name: str
    sql: int
    cpu_ms: float
    page_ms: float
    bare_ms: float

    @property
    def over_bare(self) -> float:
        return self.page_ms / self.bare_ms


def measure() -> None:
    editions = make_editions()
    found = {}
    for size in SIZES:
        started = time.perf_counter()
        whole = make_whole(learners=size, editions=editions)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        made = time.perf_counter() - started
        load = os.getloadavg()[0]
        print(f"\n{size:,} learners, made in {made:.0f} s; load of the machine {load:.1f}")
        print(f"  {'':30}{'SQL':>4}{'CPU ms':>9}{'page ms':>9}{'bare ms':>9}{'over':>8}")
        found[size] = costs(whole)
    _say_growth(found[SIZES[0]], found[SIZES[-1]])


def costs(whole: Whole) -> list[Cost]:
    centre = whole.centre.slug
    assessor, other = signed_in(whole.assessor), signed_in(whole.matrix_assessor)
    admin = signed_in(whole.admin)
    claim = Claim.objects.filter(version=whole.waiting.version).order_by("pk")[0]
    judge = reverse("assessments:judge", args=[centre, whole.waiting.pk, claim.pk])
    marking = reverse("assessments:submission", args=[centre, whole.waiting.pk])
    queue = reverse("assessments:queue", args=[centre])
    matrix = reverse("assessments:matrix", args=[centre])
    overview = reverse("assessments:overview", args=[centre])
    asks: list[Callable[[], HttpResponse]] = [
        lambda: assessor.get(queue),
        lambda: assessor.get(marking),
        changes_of_mind(assessor, judge),
        lambda: other.get(matrix),
        lambda: admin.get(overview),
        lambda: admin.get(overview, {"by": "assessor"}),
    ]
    return [_said(_cost(name, ask)) for name, ask in zip(AT_MOST, asks, strict=True)]


def _cost(name: str, ask: Callable[[], HttpResponse]) -> Cost:
    answer = ask()
    if answer.status_code not in {200, 302}:
        raise RuntimeError(f"{name} answered {answer.status_code}")
    ask()
    statements, html = _watched(ask)
    bare = _bare(statements, html)  # before anything else is written
    cpu, wall = [], []
    for _ in range(RUNS):
        began, at = time.process_time(), time.perf_counter()
        ask()
        cpu.append((time.process_time() - began) * 1000)
        wall.append((time.perf_counter() - at) * 1000)
    return Cost(name, len(statements), statistics.median(cpu), min(wall), bare)


def _watched(ask: Callable[[], HttpResponse]) -> tuple[list[str], str]:
    """The statements of one request, undone again so that they can be sent once more."""
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            answer = ask()
        statements = [query["sql"] for query in queries.captured_queries]
        transaction.set_rollback(True)
    return [each for each in statements if not each.startswith(NO_WORK)], _html(answer)


def _html(answer: HttpResponse) -> str:
    is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.content) if is_packed else answer.content).decode()


def _bare(statements: list[str], html: str) -> float:
    lines = html.splitlines()
    plain = Engine().from_string("{% for line in lines %}{{ line }}\n{% endfor %}")
    spent = []
    for _ in range(RUNS):
        with transaction.atomic(), connection.cursor() as cursor:
            at = time.perf_counter()
            for each in statements:
                cursor.execute(each)
                if cursor.description:
                    cursor.fetchall()
            plain.render(Context({"lines": lines}))
            spent.append((time.perf_counter() - at) * 1000)
            transaction.set_rollback(True)
    return min(spent)


def _said(cost: Cost) -> Cost:
    """Line by line, since a large centre takes its time."""
    counts = "reached" if cost.sql <= AT_MOST[cost.name] else "NOT REACHED"
    near = "reached" if cost.over_bare <= OVER_BARE else "NOT REACHED"
    print(
        f"  {cost.name:30}{cost.sql:>4}{cost.cpu_ms:>9.1f}{cost.page_ms:>9.1f}"
        f"{cost.bare_ms:>9.1f}{cost.over_bare:>7.1f}×"
        f"   SQL {counts} (≤ {AT_MOST[cost.name]}), time {near} (≤ {OVER_BARE:.0f}×)",
        flush=True,
    )
    return cost


def _say_growth(small: list[Cost], large: list[Cost]) -> None:
    print(f"\n{SIZES[-1]:,} learners over {SIZES[0]:,}")
    for one, other in zip(small, large, strict=True):
        grown = other.cpu_ms / one.cpu_ms
        sql = "the same SQL" if one.sql == other.sql else "ANOTHER NUMBER OF SQL"
        verdict = "reached" if grown <= CPU_GROWTH and one.sql == other.sql else "NOT REACHED"
        print(f"  {one.name:30}{grown:>6.2f}× CPU, {sql}   {verdict} (≤ {CPU_GROWTH}×)")
