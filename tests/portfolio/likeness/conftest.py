"""Two learners of a centre, each with a unit, who hand things in."""

import io
import random
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw

from assessments.actions import submit
from files.actions import keep_bytes, receive
from files.models import Preview, PreviewPart
from portfolio.account import render
from portfolio.actions.likenesses import compare
from portfolio.models import EvidenceFile, EvidenceVersion, Likeness
from standards.models import Edition
from tests.factories import (
    Cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_portfolio,
    make_version,
    uploaded,
)

WORDS = (
    "customer shop order till price stock shelf manager called asked told showed checked counted "
    "opened closed morning afternoon parcel letter phone screen note list door window table chair "
    "carefully quickly again before after because although while then found wrote signed sent"
).split()


def prose(seed: int, many: int = 120) -> str:
    """So many words in an order that nobody else would write them in."""
    chosen = random.Random(seed)
    return " ".join(chosen.choice(WORDS) for _ in range(many))


def drawing(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture of coloured shapes; another for each number."""
    chosen = random.Random(seed)
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = chosen.random() * size[0], chosen.random() * size[1]
        w, h = chosen.random() * size[0] / 2, chosen.random() * size[1] / 2
        colour = tuple(chosen.randrange(256) for _ in range(3))
        pen.rectangle((x, y, x + w, y + h), fill=colour)
    return image


def saved(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def prepared(file: EvidenceFile, text: str) -> None:
    """As if a worker had read the file."""
    preview, _made = Preview.objects.get_or_create(blob=file.blob, defaults={"kind": "text"})
    words = keep_bytes(chunks=[text.encode()], media_type="text/plain")
    PreviewPart.objects.get_or_create(preview=preview, role="text", defaults={"blob": words})
    Preview.objects.filter(pk=preview.pk).update(status=Preview.Status.READY)


class Learner:
    def __init__(self, cast: Cast, user: Any, edition: Edition, *assessors: Any) -> None:
        self.cast, self.user = cast, user
        self.enrolment = make_enrolment(make_portfolio(cast.centre, user), edition, *assessors)

    def hands_in(
        self, account: str = "", *files: tuple[str, bytes], **fields: Any
    ) -> EvidenceVersion:
        """Submitted, its files prepared, and compared."""
        version = make_version(
            self.enrolment.portfolio, account=account, account_html=render(account), **fields
        )
        for order, (name, data) in enumerate(files):
            upload = receive(file=uploaded(name, data), centre=self.cast.centre, by=self.user)
            file = EvidenceFile.objects.create(
                version=version, blob=upload.blob, name=name, order=order
            )
            if upload.blob.media_type == "text/plain":
                prepared(file, data.decode())
            else:
                Preview.objects.get_or_create(
                    blob=upload.blob, defaults={"kind": "picture", "status": "none"}
                )
        make_claims(version, self.enrolment, "P1")
        submit(version=version, declared=True, by=self.user)
        version.refresh_from_db()
        compare(version)
        return version


@pytest.fixture
def edition(db: None) -> Edition:
    return make_edition()


@pytest.fixture
def amira(cast: Cast, edition: Edition) -> Learner:
    return Learner(cast, cast.learner, edition, cast.assessor)


@pytest.fixture
def tom(cast: Cast, edition: Edition) -> Learner:
    return Learner(cast, cast.second_learner, edition, cast.other_assessor)


@pytest.fixture
def flags() -> Callable[[], list[Likeness]]:
    return lambda: list(Likeness.objects.open())
