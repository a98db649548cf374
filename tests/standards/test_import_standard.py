"""The command line: what it prints, how it ends, and that it never shows a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from standards.models import Edition, MarkingGuide
from standards.nos import as_json, read_text

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "fixtures" / "texts"


@pytest.fixture
def run(db, capsys):
    def run(*arguments):
        code = 0
        try:
            call_command("import_standard", *map(str, arguments))
        except SystemExit as end:
            code = end.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
def test_json(run, path):
    code, out, err = run(path, "--dry-run", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == as_json(read_text(path.read_text()))
    assert not Edition.objects.exists()


def test_publishes_for_all_centres(run):
    code, out, _err = run(TEXTS / "CFACSB15-2021.txt")
    edition = Edition.objects.get()
    assert code == 0
    assert "14 performance, 13 knowledge" in out
    assert "Published: CFACSB15" in out
    assert edition.centre is None
    assert edition.published_at


def test_with_json_nothing_else_is_printed(run):
    _code, out, _err = run(TEXTS / "CFACSB15-2021.txt", "--json")
    assert json.loads(out)["urn"] == "CFACSB15"
    assert Edition.objects.exists()


def test_says_which_option_names_what_is_missing(run):
    path = TEXTS / "develop-customer-relationships.txt"
    code, _out, err = run(path)
    assert code == 1
    assert "needs a URN" in err
    assert "--urn" in err
    assert "--title" in err
    assert not Edition.objects.exists()
    assert run(path, "--urn", "cfacsx1", "--title", "Develop relationships")[0] == 0
    assert Edition.objects.get().standard.urn == "CFACSX1"


def test_a_marking_guide_serves_an_edition(run):
    run(TEXTS / "CFACSB15-2021.txt")
    code, _out, _err = run(TEXTS / "customer-relationships-topic.txt", "--serves", "cfacsb15")
    assert code == 0
    assert list(MarkingGuide.objects.get().editions.all()) == [Edition.objects.get()]


def test_a_guide_for_a_standard_that_is_not_there_is_not_saved(run):
    code, _out, err = run(TEXTS / "customer-relationships-topic.txt", "--serves", "NONE1")
    assert (code, "No shared edition has the URN NONE1." in err) == (1, True)
    assert not MarkingGuide.objects.exists()


def test_the_same_twice(run):
    run(TEXTS / "CFACSB15-2021.txt")
    code, _out, err = run(TEXTS / "CFACSB15-2021.txt")
    assert (code, "published already" in err) == (1, True)
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x7fELF" + bytes(range(256)) * 20,
        b"PK\x03\x04" + bytes(40),
        b"%PDF-1.7 and nothing more",
        b"Mix the flour with two eggs.\nBake it for an hour.\n",
        b"<html><title>404</title><h1>Not found</h1></html>",
        b"x " * 1_000_000,
    ],
    ids=["empty", "binary", "zip", "broken pdf", "recipe", "error page", "one long line"],
)
def test_what_is_no_standard(run, tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    code, out, err = run(path)
    assert code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert not Edition.objects.exists()


def test_files_that_cannot_be_read(run, tmp_path):
    for path in (tmp_path / "missing", tmp_path):
        code, out, err = run(path)
        assert (code, out) == (2, "")
        assert len(err.strip().splitlines()) == 1


class TestOnABareMachine:
    """No environment, no database, whatever the terminal can show."""

    def manage(self, tmp_path, *arguments, **options):
        environment = {"PATH": os.environ["PATH"], "SIGNPOST_DATA_DIR": str(tmp_path / "none")}
        return subprocess.run(
            [sys.executable, "manage.py", "import_standard", *map(str, arguments)],
            cwd=ROOT,
            env=environment | options.pop("env", {}),
            capture_output=True,
            check=False,
            **options,
        )

    def test_a_dry_run_needs_no_database(self, tmp_path):
        done = self.manage(tmp_path, TEXTS / "CFACSB15-2021.txt", "--dry-run", "--json")
        assert (done.returncode, done.stderr) == (0, b"")
        assert json.loads(done.stdout)["urn"] == "CFACSB15"
        assert not (tmp_path / "none" / "db.sqlite3").exists()

    def test_standard_input_to_a_terminal_that_knows_only_ascii(self, tmp_path):
        text = (TEXTS / "CFACSB15-2021.txt").read_bytes()
        env = {"PYTHONIOENCODING": "ascii"}
        done = self.manage(tmp_path, "-", "--dry-run", "--json", input=text, env=env)
        assert done.returncode == 0
        assert json.loads(done.stdout)["urn"] == "CFACSB15"

    def test_without_tables(self, tmp_path):
        done = self.manage(tmp_path, TEXTS / "CFACSB15-2021.txt")
        assert done.returncode == 1
        assert b"Run migrate first." in done.stderr
        assert b"Traceback" not in done.stderr
