"""Bundles: what is in them, and checking with nothing else."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Centre
from reports.models import Report
from reports.proof import Outcome, offline
from reports.proof.judging import judge
from reports.proof.offline import NoBundle, opened
from tests.architecture.matrix import BACKEND
from tests.factories import Cast
from tests.reports.proof.conftest import CODE, Here, Sealed, bundle_of, finished, note

pytestmark = pytest.mark.django_db


def outcome(place: Path, bundle: Path) -> Outcome:
    return judge(place, register=opened(bundle), reader=Here()).outcome


def test_a_bundle_has_all_that_the_hashes_cover_and_nobodys_name(unpacked, report, cast):
    lines = (unpacked / "ledger.jsonl").read_text().splitlines()
    assert [json.loads(line)["verb"] for line in lines] == ["report_requested", "report_made"]
    held = "".join(p.read_text() for p in unpacked.rglob("*") if p.is_file())
    for person in cast.people().values():
        assert person.name not in held
        assert person.email not in held


def test_a_folder_will_do_as_well(unpacked, sealed):
    assert outcome(sealed.path, unpacked) == Outcome.LATEST


def test_a_bundle_knows_newer_and_withdrawn_ones(report: Report, sealed: Sealed, tmp_path, cast):
    place = tmp_path / "later.pdf"
    place.write_bytes(b"%PDF-1.7 later")
    newer = finished(report.portfolio, place, by=cast.admin)
    assert outcome(sealed.path, bundle_of(report, tmp_path / "1.zip")) == Outcome.NEWER
    note(newer.portfolio, "report_withdrawn", newer)
    assert outcome(sealed.path, bundle_of(report, tmp_path / "2.zip")) == Outcome.LATEST
    note(report.portfolio, "report_withdrawn", report)
    assert outcome(sealed.path, bundle_of(report, tmp_path / "3.zip")) == Outcome.WITHDRAWN


def test_a_bundle_names_the_centre_as_in_the_file(report, sealed, tmp_path, cast: Cast):
    before = cast.centre.name
    Centre.objects.filter(pk=cast.centre.pk).update(name="Riverside Academy")
    bundle = opened(bundle_of(report, tmp_path / "bundle.zip"))
    assert judge(sealed.path, register=bundle, reader=Here()).centre == before


@pytest.mark.parametrize(
    "choices",
    [
        {"scope": "summary"},
        {"feedback": False},
        {"unredacted": "The appeal board asked."},
        {"language": "cy"},
    ],
)
def test_a_bundle_takes_no_other_document_for_a_newer_one(
    report: Report, sealed: Sealed, tmp_path: Path, cast: Cast, choices: dict[str, Any]
):
    place = tmp_path / "later.pdf"
    place.write_bytes(b"%PDF-1.7 later")
    finished(report.portfolio, place, by=cast.admin, choices=choices)
    assert outcome(sealed.path, bundle_of(report, tmp_path / "bundle.zip")) == Outcome.LATEST


def test_an_entry_from_before_is_in_english_of_the_whole_with_feedback_and_nothing_shown(
    report: Report, sealed: Sealed, tmp_path: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Report, "series", {})
    place = tmp_path / "later.pdf"
    place.write_bytes(b"%PDF-1.7 later")
    finished(report.portfolio, place, by=cast.admin)
    assert outcome(sealed.path, bundle_of(report, tmp_path / "bundle.zip")) == Outcome.NEWER


def test_a_bundle_taken_before_the_export_does_not_know_it(portfolio, sealed, tmp_path, cast):
    place = tmp_path / "earlier.pdf"
    place.write_bytes(b"%PDF-1.7 earlier")
    earlier = finished(portfolio, place, by=cast.admin)
    bundle = bundle_of(earlier, tmp_path / "bundle.zip")
    finished(portfolio, sealed.path, certificate=sealed.certificate, code=CODE, by=cast.admin)
    assert outcome(sealed.path, bundle) == Outcome.NOT_OURS


def changed(old: str, new: str) -> Callable[[Path], None]:
    def spoil(bundle: Path) -> None:
        ledger = bundle / "ledger.jsonl"
        text = ledger.read_text()
        assert old in text
        ledger.write_text(text.replace(old, new, 1))

    return spoil


def without_its_first_line(bundle: Path) -> None:
    ledger = bundle / "ledger.jsonl"
    ledger.write_text("".join(ledger.read_text().splitlines(keepends=True)[1:]))


def with_another_head(bundle: Path) -> None:
    index = json.loads((bundle / "bundle.json").read_text())
    for stream in index["streams"].values():
        stream["head"] = "0" * 64
    (bundle / "bundle.json").write_text(json.dumps(index))


def without_its_certificate(bundle: Path) -> None:
    for file in (bundle / "certificates").iterdir():
        file.unlink()


@pytest.mark.parametrize(
    "spoil",
    [
        changed('"pages": 3', '"pages": 4'),
        changed("report_requested", "report_imagined"),
        without_its_first_line,
        with_another_head,
        without_its_certificate,
    ],
)
def test_a_bundle_that_does_not_hold_vouches_for_nothing(spoil, unpacked, sealed):
    spoil(unpacked)
    assert outcome(sealed.path, unpacked) == Outcome.UNSURE


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"{}"])
def test_what_is_no_bundle(content, tmp_path):
    place = tmp_path / "bundle.zip"
    place.write_bytes(content)
    with pytest.raises(NoBundle):
        opened(place)


@pytest.mark.parametrize(
    "spoil",
    [
        changed('"sha256": ', '"sha255": '),
        changed('"pages": 3', '"pages": "3"'),
        changed('"covers_length": ', '"covers_length": -'),
        changed('"units": []', '"units": 3'),
        changed('"hash": ', '"hush": '),
        changed('"at": "2', '"at": "x'),
    ],
)
def test_what_is_no_entry_is_no_bundle(spoil, unpacked):
    spoil(unpacked)
    with pytest.raises(NoBundle):
        opened(unpacked)


def lock(place: Path) -> None:
    """Its list says of the first file that it wants a password."""
    with zipfile.ZipFile(place) as packed:
        flags = packed.start_dir + 8
    content = bytearray(place.read_bytes())
    content[flags] |= 1
    place.write_bytes(content)


def test_a_locked_zip_is_no_bundle(report, tmp_path):
    place = bundle_of(report, tmp_path / "bundle.zip")
    lock(place)
    with pytest.raises(NoBundle):
        opened(place)


def test_what_does_not_belong_in_it_is_not_unpacked(report, sealed, tmp_path, monkeypatch):
    place = bundle_of(report, tmp_path / "bundle.zip")
    with zipfile.ZipFile(place, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("more", bytes(1 << 20))
    monkeypatch.setattr(offline, "LARGEST", 1 << 19)
    assert outcome(sealed.path, place) == Outcome.LATEST
    with zipfile.ZipFile(place, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("certificates/more.pem", bytes(1 << 20))
    with pytest.raises(NoBundle):
        opened(place)


def test_neither_is_an_empty_folder(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoBundle):
        opened(tmp_path / "empty")


def test_without_any_database(report: Report, sealed: Sealed, tmp_path):
    bundle = bundle_of(report, tmp_path / "bundle.zip")
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/nowhere",
        "SIGNPOST_DATA_DIR": str(tmp_path / "elsewhere"),
    }
    said = subprocess.run(
        [sys.executable, "manage.py", "verify_report", "--offline", bundle, sealed.path],
        cwd=django_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "Genuine, and the latest" in said.stdout
    assert sealed.certificate in said.stdout
    assert opened(bundle).heads[report.portfolio.stream][1] in said.stdout


# The commands


def test_the_commands_end_as_a_script_needs_it(report, sealed, tmp_path, capsys):
    place = tmp_path / "proof.zip"
    call_command("export_proof", CODE, "--to", str(place))
    call_command("verify_report", str(sealed.path))
    spoilt = tmp_path / "spoilt.pdf"
    spoilt.write_bytes(sealed.path.read_bytes() + b" ")
    with pytest.raises(SystemExit, match="1"):
        call_command("verify_report", "--offline", str(place), str(spoilt))
    said = capsys.readouterr().out
    assert "Genuine, and the latest" in said
    assert "Altered after signing" in said


def test_a_whole_centres_proof(report, sealed, tmp_path, cast):
    place = tmp_path / "proof.zip"
    call_command("export_proof", cast.centre.slug, "--to", str(place))
    assert outcome(sealed.path, place) == Outcome.LATEST
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_proof", cast.centre.slug, "--to", str(place))


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("export_proof", ["nobody"]),
        ("verify_report", ["no-such-file.pdf"]),
        ("verify_report", ["manage.py", "--offline", "no-such-bundle"]),
    ],
)
def test_what_is_not_there_is_said_plainly(command: str, arguments: list[Any], settings):
    arguments = [str(settings.BASE_DIR / "manage.py") if a == "manage.py" else a for a in arguments]
    with pytest.raises(CommandError):
        call_command(command, *arguments)


# From the exports page


@pytest.mark.parametrize("role", ["admin", "iqa"])
def test_those_who_answer_for_the_centre_take_it(role: str, report, sealed, tmp_path, cast: Cast):
    browser = Client()
    browser.force_login(getattr(cast, role), backend=BACKEND)
    exports = browser.get(reverse("reports:list", args=[cast.centre.slug]))
    address = reverse("reports:proof", args=[cast.centre.slug])
    assert address in exports.content.decode()
    answer = browser.get(address)
    place = tmp_path / "proof.zip"
    place.write_bytes(answer.getvalue())
    assert outcome(sealed.path, place) == Outcome.LATEST


def test_it_holds_nothing_of_another_centre(report, cast: Cast, outsiders: Cast, tmp_path):
    browser = Client()
    browser.force_login(outsiders.admin, backend=BACKEND)
    place = tmp_path / "proof.zip"
    answer = browser.get(reverse("reports:proof", args=[outsiders.centre.slug]))
    place.write_bytes(answer.getvalue())
    assert opened(place).streams == {}
    refused = browser.get(reverse("reports:proof", args=[cast.centre.slug]))
    assert refused.status_code == 404
