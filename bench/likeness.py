"""How long one new item takes to be compared with a hundred thousand of its centre.

On PostgreSQL. Sketches are written directly; like real ones they share some values, since many
people write the same four words in a row. Those most like a new item are read word by word.
"""

import io
import random
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count
from PIL import Image, ImageDraw

from accounts.models import Centre, Membership, Role, User
from files.actions import keep_bytes
from files.models import Preview
from portfolio.account import render
from portfolio.actions.likenesses import compare
from portfolio.likeness import pictures, words
from portfolio.models import (
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Likeness,
    Portfolio,
    Sketch,
    SketchValue,
)

LEARNERS, EACH = 2000, 50
TRIES = 9
WORDS = 220
BATCH = 5000
START = datetime(2026, 9, 1, 9, tzinfo=UTC)
# Of every hundred texts so many hold the phrase: "I made sure that the", and so on.
COMMON = (20, 12, 8, 5, 5, 3, 3, 2, 2, 1)
COPIES = 200  # texts that new items are copied from, ten of each
VOCABULARY = [f"word{n}" for n in range(800)]


@dataclass(frozen=True)
class Found:
    items: int
    values: int
    median_ms: float
    slowest_ms: float
    search_ms: float
    flags: int


def measure() -> Found:
    chosen = random.Random(1)  # noqa: S311
    centre = Centre.objects.create(name="Centre of look-alikes", slug="bench-likeness")
    portfolios = _portfolios(centre)
    texts = [" ".join(chosen.choices(VOCABULARY, k=WORDS)) for _ in range(20)]
    versions = _versions(portfolios, texts)
    sketches = _sketches(centre, versions)
    real = [words.sketch(words.shingles(text)) for text in texts]
    copies = {each.pk: real[at % len(real)] for at, each in enumerate(sketches[:COPIES])}
    _values(centre, sketches, copies)
    Portfolio.objects.filter(pk=portfolios[0].pk).update(last_number=EACH)
    _try(portfolios[1], EACH + 1, texts[-1], TRIES)  # the first of a process pays for imports
    spent = [_try(portfolios[0], EACH + n + 1, texts[n], n) for n in range(TRIES)]
    return Found(
        items=len(versions),
        values=SketchValue.objects.count(),
        median_ms=statistics.median(spent),
        slowest_ms=max(spent),
        search_ms=_search(),
        flags=Likeness.objects.count(),
    )


def _portfolios(centre: Centre) -> list[Portfolio]:
    people = User.objects.bulk_create(
        [User(email=f"alike{n}@example.org", name=f"Learner {n}") for n in range(LEARNERS)],
        batch_size=BATCH,
    )
    Membership.objects.bulk_create(
        [Membership(centre=centre, user=each, role=Role.LEARNER) for each in people],
        batch_size=BATCH,
    )
    return Portfolio.objects.bulk_create(
        [Portfolio(centre=centre, learner=each, last_number=EACH) for each in people],
        batch_size=BATCH,
    )


def _versions(portfolios: list[Portfolio], texts: list[str]) -> list[EvidenceVersion]:
    evidence = Evidence.objects.bulk_create(
        [
            Evidence(portfolio=each, number=n, first_submitted_at=START)
            for each in portfolios
            for n in range(1, EACH + 1)
        ],
        batch_size=BATCH,
    )
    html = [render(text) for text in texts]
    return EvidenceVersion.objects.bulk_create(
        [_version(each, html[at % len(html)]) for at, each in enumerate(evidence)],
        batch_size=BATCH,
    )


def _version(evidence: Evidence, html: str) -> EvidenceVersion:
    return EvidenceVersion(
        evidence=evidence,
        status=EvidenceVersion.Status.SUBMITTED,
        title="From the shop floor",
        method="account",
        gathered_on=date(2026, 9, 1),
        account_html=html,
        submitted_at=START + timedelta(seconds=evidence.number),
    )


def _sketches(centre: Centre, versions: list[EvidenceVersion]) -> list[Sketch]:
    """Half of them texts, half pictures beside a text."""
    rows = [_sketch(centre, each, Sketch.Kind.TEXT) for each in versions]
    rows += [_sketch(centre, each, Sketch.Kind.PICTURE) for each in versions[::2]]
    return Sketch.objects.bulk_create(rows, batch_size=BATCH)


def _sketch(centre: Centre, version: EvidenceVersion, kind: str) -> Sketch:
    look = {"coarse": f"{version.pk * 0x9E3779B97F4A7C15 % 2**64:x}", "fine": "0"}
    return Sketch(
        centre=centre,
        portfolio_id=version.evidence.portfolio_id,
        version=version,
        kind=kind,
        sha256="0" * 64,
        many=words.SMALLEST if kind == Sketch.Kind.TEXT else pictures.SLICES,
        facts=look if kind == Sketch.Kind.PICTURE else {"shingles": WORDS},
    )


def _values(centre: Centre, sketches: list[Sketch], copies: dict[int, list[int]]) -> None:
    """Written by the database itself, as the five million rows would take minutes from here."""
    (index,) = SketchValue._meta.indexes
    with connection.schema_editor() as editor:
        editor.remove_index(SketchValue, index)  # it is built faster at the end
    with connection.cursor() as cursor:
        _lift_checks(cursor)
        cursor.execute(TEXTS, {"many": words.SMALLEST, "copies": list(copies)})
        for number, of_hundred in enumerate(COMMON):
            some = {"value": common_value(number), "number": number, "of_hundred": of_hundred}
            cursor.execute(PHRASES, some)
    looks = {
        each.pk: pictures.Look.from_facts(each.facts).sketch()
        for each in sketches
        if each.kind == Sketch.Kind.PICTURE
    }
    SketchValue.objects.bulk_create(
        [
            SketchValue(centre=centre, sketch_id=pk, value=value)
            for pk, values in (copies | looks).items()
            for value in values
        ],
        batch_size=BATCH,
    )
    with connection.schema_editor() as editor:
        editor.add_index(SketchValue, index)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


TEXTS = """
    INSERT INTO portfolio_sketchvalue (centre_id, sketch_id, value)
    SELECT centre_id, id, hashint8extended(id, number)
    FROM portfolio_sketch, generate_series(1, %(many)s) AS number
    WHERE kind = 'text' AND NOT id = ANY(%(copies)s)
"""
PHRASES = """
    INSERT INTO portfolio_sketchvalue (centre_id, sketch_id, value)
    SELECT centre_id, id, %(value)s FROM portfolio_sketch
    WHERE kind = 'text' AND abs(hashint8extended(id, -1 - %(number)s) %% 100) < %(of_hundred)s
"""


def _lift_checks(cursor: Any) -> None:
    """Asking ten million times whether a sketch is there says nothing about comparing."""
    table = "portfolio_sketchvalue"
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
        [table],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def common_value(number: int) -> int:
    """The hash of one phrase that many write."""
    return next(words.shingles_in_order(words.words(phrase(number))))


def phrase(number: int) -> str:
    return f"many people write this{number}"


def _try(portfolio: Portfolio, number: int, text: str, seed: int) -> float:
    """One more item: a text like some that are there, with phrases that many write; a photo."""
    account = f"{' '.join(phrase(n) for n in range(len(COMMON)))} {text}"
    evidence = Evidence.objects.create(portfolio=portfolio, number=number)
    version = _version(evidence, render(account))
    version.save()
    photo = keep_bytes(chunks=[_photo(seed)], media_type="image/jpeg")
    EvidenceFile.objects.create(version=version, blob=photo, name="photo.jpg", order=0)
    Preview.objects.create(blob=photo, kind=Preview.Kind.PICTURE, status=Preview.Status.READY)
    started = time.perf_counter()
    compare(version)
    return (time.perf_counter() - started) * 1000


def _search() -> float:
    """What the database takes of it: the one look into the index, in milliseconds."""
    last = Sketch.objects.filter(kind=Sketch.Kind.TEXT).latest("pk")
    values = list(last.values.values_list("value", flat=True))
    shared = SketchValue.objects.filter(centre=last.centre, value__in=values)
    started = time.perf_counter()
    list(shared.values("sketch").annotate(many=Count("sketch")).order_by("-many")[:20])
    return (time.perf_counter() - started) * 1000


def _photo(seed: int) -> bytes:
    chosen = random.Random(seed)  # noqa: S311
    image = Image.effect_noise((1600, 1200), 60).convert("RGB")
    pen = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = chosen.randrange(1500), chosen.randrange(1100)
        pen.rectangle((x, y, x + 300, y + 200), fill=tuple(chosen.choices(range(256), k=3)))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
