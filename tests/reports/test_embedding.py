"""Original files inside a PDF: which bytes, what is lost, and how little memory it takes."""

import dataclasses
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from files import store
from portfolio.models import EvidenceFile, EvidenceVersion
from reports import document, embedding, pictures
from reports.attaching import safe
from reports.forms import RulesForm
from reports.gather import gather
from reports.limits import Limits
from reports.models import ExportRules
from tests.reports.builders import Story, attach, make_blob

MEGABYTE = 1024 * 1024
LIMITS = Limits(file_bytes=25 * MEGABYTE, all_bytes=200 * MEGABYTE)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A PDF of one empty page; what is embedded does not ask what is printed."""
    path = tmp_path / "plain.pdf"
    with pikepdf.new() as made:
        made.add_blank_page()
        made.Root.Names = pikepdf.Dictionary(Dests=pikepdf.Dictionary(Names=pikepdf.Array()))
        made.save(path)
    return path


def embedded(story: Story, plain: Path, limits: Limits = LIMITS) -> Path:
    target = plain.with_name("with-files.pdf")
    embedding.embed(pdf=plain, portfolio=gather(story.portfolio.pk), rules=limits, target=target)
    return target


def names_in(path: Path) -> list[str]:
    with pikepdf.open(path) as opened:
        return list(opened.attachments)


def manifest_of(path: Path) -> dict[str, object]:
    with pikepdf.open(path) as opened:
        return json.loads(opened.attachments["manifest.json"].get_file().read_bytes())


def test_an_export_without_files_has_its_manifest(story: Story, plain: Path):
    EvidenceFile.objects.all().delete()
    path = embedded(story, plain)
    assert names_in(path) == ["manifest.json"]
    with pikepdf.open(path) as opened:
        assert "/Dests" in opened.Root.Names  # what was there stays


def test_what_is_lost_is_named_as_lost_and_the_rest_goes_inside(story: Story, plain: Path):
    gone = EvidenceFile.objects.get(name="mail.eml").blob
    store.place_of(gone.sha256).unlink()
    path = embedded(story, plain)
    assert names_in(path) == ["001-1 desk.jpg", "manifest.json"]
    (told,) = [each for each in manifest_of(path)["files"] if each["name"] == "mail.eml"]
    assert (told["inside"], told["left_out"], told["sha256"]) == (None, "lost", gone.sha256)
    some = gather(story.portfolio.pk)
    html = document.render(some, lost=pictures.lost(some.kept))
    assert "missing from the store" in html
    assert "inside this PDF as “001-1 mail.eml”" not in html


@pytest.mark.parametrize("bytes_", [b"From: mE", b"From: m", b""])
def test_what_has_changed_in_the_store_ends_the_export_and_says_why(
    story: Story, plain: Path, bytes_: bytes
):
    place = store.place_of(EvidenceFile.objects.get(name="mail.eml").blob.sha256)
    place.chmod(0o600)
    place.write_bytes(bytes_)
    with pytest.raises(embedding.NotEmbedded, match=r"001-1 mail\.eml.*damaged"):
        embedded(story, plain)
    assert not plain.with_name("with-files.pdf").exists()
    assert list(plain.parent.glob("files-*")) == []


def test_a_limit_that_changed_meanwhile_is_no_silent_gap(story: Story, plain: Path):
    with pytest.raises(embedding.NotEmbedded, match="limit"):
        embedded(story, plain, Limits(file_bytes=MEGABYTE, all_bytes=10))
    with pytest.raises(embedding.NotEmbedded, match="limit"):
        embedded(story, plain, Limits(file_bytes=10, all_bytes=MEGABYTE))


def test_a_centre_that_decided_nothing_has_the_defaults():
    rules = ExportRules()
    assert Limits.of(None) == Limits.of(rules)
    assert Limits.of(rules).file_bytes == rules.file_up_to_mb * MEGABYTE


def test_no_centre_has_more_inside_than_can_be_checked(settings):
    settings.MAX_UPLOAD_BYTES = 100 * MEGABYTE
    kept_before = Limits.of(ExportRules(file_up_to_mb=200, files_up_to_mb=1000))
    assert kept_before == Limits(75 * MEGABYTE, 75 * MEGABYTE)
    assert Limits.of(None) == Limits(25 * MEGABYTE, 75 * MEGABYTE)
    asked = RulesForm({"file_up_to_mb": "10", "files_up_to_mb": "76"}, instance=ExportRules())
    assert asked.errors == {
        "files_up_to_mb": [
            "Choose 75 MB or less. A larger PDF could not be sent to the page that says whether it"
            " is genuine."
        ]
    }
    assert RulesForm({"file_up_to_mb": "75", "files_up_to_mb": "75"}).is_valid()


def test_the_same_export_is_the_same_bytes(story: Story, plain: Path):
    portfolio = gather(story.portfolio.pk)
    made = []
    for name in ("one.pdf", "two.pdf"):
        target = plain.with_name(name)
        embedding.embed(pdf=plain, portfolio=portfolio, rules=LIMITS, target=target)
        made.append(target.read_bytes())
    assert made[0] == made[1]


def test_the_manifest_follows_what_was_chosen(story: Story, plain: Path):
    portfolio = gather(story.portfolio.pk)
    options = dataclasses.replace(portfolio.options, feedback=False, unredacted="A secret reason.")
    target = plain.with_name("chosen.pdf")
    embedding.embed(
        pdf=plain,
        portfolio=dataclasses.replace(portfolio, options=options),
        rules=LIMITS,
        target=target,
    )
    chosen = manifest_of(target)["export"]["options"]
    assert (chosen["feedback"], chosen["shows_what_was_hidden"]) == (False, True)
    assert "secret reason" not in json.dumps(manifest_of(target))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("desk.jpg", "desk.jpg"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("con\x00tract\u202e.pdf", "con-tract-.pdf"),
        ("...", "file"),
        ("ŵ" * 200 + ".docx", "ŵ" * 75 + ".docx"),
        ('a<b>:"|?*.txt', "a-b-.txt"),
    ],
)
def test_names_are_safe_wherever_they_are_saved(name: str, wanted: str):
    assert safe(name) == wanted


# A worker's imports and one call, in a process whose memory is nobody else's.
CHILD = """
import pickle, re, sys
from pathlib import Path
import django
django.setup()
from reports import embedding
plain, target, told = (Path(each) for each in sys.argv[1:])
portfolio, limits = pickle.loads(told.read_bytes())
embedding.embed(pdf=plain, portfolio=portfolio, rules=limits, target=target)
# Not getrusage: its peak begins with that of the process it was forked from.
told = Path("/proc/self/status").read_text()
print(int(re.search(r"VmHWM:\\s+(\\d+)", told)[1]) // 1024)
"""


def test_two_hundred_megabytes_take_little_memory(story: Story, plain: Path, tmp_path: Path):
    version = EvidenceVersion.objects.get(evidence__number=2)
    for number in range(8):
        data = bytes([number]) * (25 * MEGABYTE - number)
        attach(version, f"large-{number}.bin", make_blob(data, "application/octet-stream"))
    rules = ExportRules.objects.create(centre=story.portfolio.centre, files_up_to_mb=201)
    portfolio = gather(story.portfolio.pk)
    assert len(portfolio.attachments) == 10
    told, target = tmp_path / "portfolio", tmp_path / "large.pdf"
    told.write_bytes(pickle.dumps((portfolio, Limits.of(rules))))
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(plain), str(target), str(told)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"SIGNPOST_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"},
    )
    assert target.stat().st_size > 199 * MEGABYTE
    peak = int(child.stdout)
    assert 20 < peak < 250, f"{peak} MB"  # a worker has 400 for the pages and these together
