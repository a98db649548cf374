"""Words, pictures and files made to hurt: a correct PDF or a clear note, never a hang."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from pypdf import PdfReader

from assessments.models import Comment
from files import store
from portfolio.models import EvidenceVersion
from reports import actions, document, making
from reports.facts import WHOLE
from reports.gather import gather
from reports.options import Options
from reports.parts import splitting
from standards.models import Criterion
from tests.factories import make_edition, make_guide
from tests.reports.builders import Story, attach, begin, make_blob
from tests.reports.test_pdf import pages_of, squeezed

NOBODY_WAITS = SimpleNamespace(tell=lambda *_, **_more: None)
MARKUP = "</p></td></table><script>x</script><style>*{display:none}</style> & {{ 7 }} {% now 'Y' %}"
LETTERS = "Llanfairpwll" * 25  # 300 without a place to break
WELSH, ARABIC, HEBREW = "Dŵr ŷd ac ŵy", "مقابلة مع الزبون", "שיחה עם לקוח"


def printed(story: Story, folder: Path, options: Options = WHOLE) -> Path:
    told = gather(story.portfolio.pk, options=options)
    return making.print_out(told, folder, NOBODY_WAITS, hands=2).path


def tall(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def hostile(cast) -> Story:
    """Everything at once: one print is enough to see what each of them does."""
    cast.centre.name, cast.learner.name = f"Centre {MARKUP}"[:150], f"Amira {MARKUP}"[:150]
    cast.centre.save(update_fields=["name"])
    cast.learner.save(update_fields=["name"])
    story = begin(cast, cohort=MARKUP[:60])
    edition = make_edition()
    make_guide(edition)
    unit = story.enrol(edition)
    paragraph = " ".join(f"word{number}" for number in range(11_500))[:100_000]
    for said in (f"first {paragraph} last", LETTERS, f"{WELSH} 🎉👩🏽‍🔧", ARABIC, HEBREW, MARKUP):
        submission = story.hand_in(
            unit, "P1", title=said[:200], account=said, account_html=f"<p>{said}</p>"
        )
        Comment.objects.create(
            submission=submission,
            text=said[:3000],
            made_by=cast.assessor,
            kind="passage",
            quote=said[:300],
            sha256="0" * 64,
        )
        story.decide(submission, reason=said[:3000], feedback=said[:3000])
    version = submission.version
    attach(version, "thin.png", make_blob(tall(1, 20_000), "image/png"))
    attach(version, "flat.png", make_blob(tall(20_000, 1), "image/png"))
    attach(version, "broken.png", make_blob(tall(50, 50)[:60], "image/png"))
    return story


def test_all_of_it_is_printed_and_nothing_takes_effect(hostile: Story, tmp_path: Path):
    pages = pages_of(printed(hostile, tmp_path))
    text = squeezed("".join(pages))
    for said in (LETTERS, WELSH, "<script>x</script>", "{{7}}", "{%now'Y'%}", "[partypopper]"):
        assert squeezed(said) in text, said[:40]
    assert "first" in text
    assert "word9000" in text
    assert "Thispicturecannotberead." in text
    for letters in (ARABIC, HEBREW):  # drawn from right to left, so looked for letter by letter
        assert set(squeezed(letters)) <= set(text) | {"\u200f"}
    assert len(pages) < 120


@pytest.fixture
def thousand(cast) -> Story:
    story = begin(cast)
    unit = story.enrol(make_edition(performance=700, knowledge=300))
    story.decide(story.hand_in(unit, "P1", "P700", "K300", title="One that spans them"))
    return story


def test_a_thousand_criteria_are_exported_whole(thousand: Story):
    """Through every step that an export takes. What that costs grows with its pages and not
    faster: about 0.2 s of processor time for each of them."""
    report = actions.request_report(portfolio=thousand.portfolio, by=thousand.cast.admin)
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.error) == ("done", "")
    path = store.place_of(report.blob.sha256)
    pages = pages_of(path)
    text = "".join(pages)
    for code in ("P1", "P350", "P700", "K1", "K300"):
        assert text.count(f"do what {code} asks") >= 2, code  # its progress, and all said of it
    assert "3 of 1000" in text
    assert f"Page {report.pages} of {report.pages}" in text
    assert len(pages) == report.pages < 160
    criteria = {each.pk: each.code for each in Criterion.objects.all()}
    columns, cells = matrix_of(path)
    assert [criteria[pk] for pk in columns] == [
        *(f"P{number}" for number in range(1, 701)),
        *(f"K{number}" for number in range(1, 301)),
    ]
    assert sorted(criteria[pk] for pk in cells) == ["K300", "P1", "P700"]


def matrix_of(path: Path) -> tuple[list[int], list[int]]:
    """The criteria over its columns, as they come; and those under which a claim stands."""
    reader = PdfReader(path)
    page_of = {
        name: reader.get_destination_page_number(each)
        for name, each in reader.named_destinations.items()
    }
    columns: list[int] = []
    cells: list[int] = []
    for page in reader.pages[page_of["matrix"] : page_of["criteria"]]:
        links = [each.get_object() for each in page.get("/Annots", ())]
        middles = {
            str(link["/Dest"]): float(link["/Rect"][0] + link["/Rect"][2]) / 2 for link in links
        }
        heads = {
            int(name.split("-")[2]): middle
            for name, middle in middles.items()
            if name.startswith("criterion-")
        }
        columns += sorted(heads, key=heads.__getitem__)
        for name, middle in middles.items():
            if name.startswith("claim-"):
                cells.append(min(heads, key=lambda pk: abs(heads[pk] - middle)))
    return columns, cells


def test_no_part_of_a_thousand_criteria_grows_with_their_number(thousand: Story):
    """The long list of what is said of each is many short parts."""
    parts = splitting.split(document.render(gather(thousand.portfolio.pk))).parts
    listed = [part for part in parts if 'class="criterion' in part.html]
    assert sum(part.html.count('class="criterion-line"') for part in listed) == 1000
    assert all(part.html.count('class="criterion-line"') <= 40 for part in listed)


def test_a_version_without_a_word_and_a_file_without_a_byte(story: Story, tmp_path: Path):
    version = EvidenceVersion.objects.get(evidence__number=2)
    EvidenceVersion.objects.filter(pk=version.pk).update(account="", account_html="", title=" ")
    attach(version, "nothing.txt", make_blob(b"", "text/plain"))
    text = " ".join(" ".join(pages_of(printed(story, tmp_path))).split())
    assert "nothing.txt" in text
    assert "0 bytes" in text
