"""The runner of the tests: what it counts, and what it tries again."""

from contextlib import ExitStack

import pytest

from scripts import test as runner
from scripts.test import Outcome, Part, Servers, outcome_of, summary

FLAKY = """
from pathlib import Path

def test_good():
    pass

def test_shaky():
    tried = Path(__file__).with_name("tried")
    was_tried = tried.exists()
    tried.touch()
    assert was_tried
"""
BROKEN = "def test_good():\n    pass\n\n\ndef test_broken():\n    assert False\n"
MANY = "".join(f"def test_{n}():\n    assert False\n\n\n" for n in range(runner.FEW + 1))


@pytest.fixture
def run(tmp_path, monkeypatch):
    """What a part comes to that is one file with these tests."""
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(text: str, *, twice: bool = True) -> Outcome:
        (tmp_path / "test_it.py").write_text(text)
        part = Part("Browser", ["test_it.py"], twice=twice)
        return outcome_of(part, Servers(ExitStack()), [])

    return run


def test_what_passes_at_the_second_try_is_named(run, capfd):
    outcome = run(FLAKY)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (2, 0, 0)
    assert outcome.at_second_try == ["test_it.test_shaky"]
    assert summary([outcome]) == 0
    said = capfd.readouterr().out
    assert "1 passed at the second try: test_it.test_shaky" in said
    assert said.splitlines()[-1] == "2 passed, 0 failed, 0 skipped"
    # Only what had failed went again.
    assert "1 failed, 1 passed" in said
    assert "1 passed in" in said


def test_a_second_failure_is_a_failure(run):
    outcome = run(BROKEN)
    assert (outcome.passed, outcome.failed, outcome.at_second_try) == (1, 1, [])
    assert summary([outcome]) == 1


def test_other_parts_are_tried_once(run):
    outcome = run(FLAKY, twice=False)
    assert (outcome.passed, outcome.failed, outcome.at_second_try) == (1, 1, [])


def test_many_failures_are_no_chance(run, capfd):
    outcome = run(MANY)
    assert (outcome.passed, outcome.failed) == (0, 11)
    assert "tried once more" not in capfd.readouterr().out


def test_a_run_that_breaks_off_in_the_second_try_has_failed(run):
    """Nothing that failed is forgotten because the second run never came to it."""
    dies = FLAKY.replace(
        "    assert was_tried", "    import os\n    if was_tried: os._exit(0)\n    assert 0"
    )
    outcome = run(dies)
    assert (outcome.passed, outcome.failed, outcome.at_second_try) == (1, 1, [])
    assert summary([outcome]) == 1


def test_a_file_that_cannot_be_read_is_not_tried_again(run, capfd):
    outcome = run("import nothing_of_this_name\n")
    assert outcome.failed == 1
    assert "tried once more" not in capfd.readouterr().out


def test_only_the_browser_is_tried_twice():
    assert [part.name for part in runner.PARTS if part.twice] == [
        "Browser on SQLite",
        "Browser on PostgreSQL and Redis",
    ]


def test_every_named_journey_is_there():
    assert [name for name in runner.JOURNEYS if not (runner.ROOT / name).exists()] == []
