"""The exact places of claims in the PDF: words, a part of a page, a frame of a film."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from pypdf import PdfReader

from files import store
from portfolio.anchors.texts import AROUND
from portfolio.models import Anchor, Claim, EvidenceFile
from reports import making
from reports.gather import gather
from tests.factories import jpeg
from tests.files.previews.makers import film
from tests.reports.builders import attach, begin, make_blob, make_edition
from tests.reports.test_pdf import pages_of, squeezed

NOBODY_WAITS = SimpleNamespace(tell=lambda *_, **__: None)


@pytest.fixture
def claim(story) -> Claim:
    return Claim.objects.get(version__evidence__number=2)


def half_red() -> bytes:
    picture = Image.new("RGB", (400, 200), "white")
    picture.paste((200, 0, 0), (200, 0, 400, 200))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def place(claim: Claim, file: EvidenceFile | None = None, **fields) -> Anchor:
    sha256 = file.blob.sha256 if file else "0" * 64
    return Anchor.objects.create(
        claim=claim, file=file, sha256=sha256, made_by=claim.enrolment.portfolio.learner, **fields
    )


def printed(story, folder: Path) -> Path:
    return making.print_out(gather(story.portfolio.pk), folder, NOBODY_WAITS, hands=2).path


def test_a_passage_is_quoted_between_what_stands_around_it(story, claim, tmp_path):
    place(claim, kind="passage", quote="rang her back", prefix="So I ", suffix=" at noon")
    text = squeezed(" ".join(pages_of(printed(story, tmp_path))))
    assert squeezed("The account …So I“rang her back” at noon…") in text


def test_no_word_around_a_quote_is_cut_in_two(story, claim, tmp_path):
    before, after = "e manager rang and was so angry ", ", as we all were for a whole hou"
    assert len(before) == len(after) == AROUND
    place(claim, kind="passage", quote="I listened", prefix=before, suffix=after)
    text = squeezed(" ".join(pages_of(printed(story, tmp_path))))
    assert (
        squeezed("…manager rang and was so angry “I listened”, as we all were for a whole…") in text
    )


def test_a_part_of_a_picture_is_cut_out_and_described(story, claim, tmp_path):
    file = attach(claim.version, "board.png", make_blob(half_red(), "image/png"))
    place(claim, file, kind="region", page=1, x=0.5, y=0.0, width=0.5, height=1.0)
    told = gather(story.portfolio.pk)
    (cut,) = told.cuts
    path = making.print_out(told, tmp_path, NOBODY_WAITS, hands=2).path
    with Image.open(tmp_path / f"{cut.name}.jpg") as piece:
        left, right = piece.getpixel((3, 50)), piece.getpixel((piece.width - 3, 50))
        assert all(red > 180 and green < 40 for red, green, _blue in (left, right))
    assert "board.png, " in alternatives(path)


def test_a_moment_of_a_film_shows_its_first_frame_and_its_time(story, claim, tmp_path):
    file = attach(claim.version, "counter.mp4", make_blob(film(seconds=4), "video/mp4"))
    place(claim, file, kind="moment", begins=1.0, ends=3.0)
    path = printed(story, tmp_path)
    assert squeezed("counter.mp4 0:01 to 0:03") in squeezed(" ".join(pages_of(path)))
    assert "counter.mp4, 0:01 to 0:03" in alternatives(path)


def test_a_moment_of_a_sound_has_its_time_and_no_picture(story, claim, tmp_path):
    file = attach(claim.version, "talk.mp3", make_blob(b"ID3", "audio/mpeg"))
    place(claim, file, kind="moment", begins=70, ends=105)
    assert gather(story.portfolio.pk).cuts == ()
    text = squeezed(" ".join(pages_of(printed(story, tmp_path))))
    assert squeezed("talk.mp3 1:10 to 1:45") in text


def test_a_place_whose_file_is_lost_is_said_and_the_rest_printed(story, claim, tmp_path):
    file = attach(claim.version, "gone.jpg", make_blob(jpeg((300, 200), "navy")))
    place(claim, file, kind="region", page=1, x=0.1, y=0.1, width=0.5, height=0.5)
    store.place_of(file.blob.sha256).unlink()
    text = squeezed(" ".join(pages_of(printed(story, tmp_path))))
    assert squeezed("The picture of this place could not be made") in text


def test_the_same_place_for_two_criteria_is_cut_once(cast):
    story = begin(cast)
    unit = story.enrol(make_edition())
    version = story.hand_in(unit, "P1", "P2", title="A photo").version
    file = attach(version, "photo.jpg", make_blob(jpeg()))
    for claim in version.claims.all():
        place(claim, file, kind="region", page=1, x=0.1, y=0.1, width=0.5, height=0.5)
    assert len(gather(story.portfolio.pk).cuts) == 1


def alternatives(path: Path) -> str:
    """Every figure's words for those who can't see it."""
    found = []

    def walk(node) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"])

    walk(PdfReader(path).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return "\n".join(found)
