"""The address check finds what it is for, and nothing else."""

from pathlib import Path

import pytest

from scripts import no_addresses

# Put together here, so that this file does not trip the check either.
REFUSED = [
    "see https://" + "pypi" + ".org/simple",
    "pip install --index" + "-url x",
    "pip install --extra-index" + "-url x",
    '"resolved": ' + '"https:' + '//somewhere/x.tgz"',
    "registry " + "= somewhere",
    "curl registry.npmjs" + ".org",
    "open('/wo" + "rk/main')",
    "cd /ro" + "ot/x",
    "in /ho" + "me/anna/signpost",
]
ALLOWED = [
    "https://www.gnu.org/licenses/agpl-3.0.html",
    "pip install --require-hashes -r requirements.lock",
    "a registry = of what was decided",
    "assessors/workload",
    "{{ root }}/worked",
    "the path /works/1 is a page of ours",
]


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(no_addresses, "ROOT", tmp_path)

    def look(line: str) -> list[str]:
        (tmp_path / "file").write_text(f"first line\n{line}\n")
        return no_addresses.offences("file")

    return look


@pytest.mark.parametrize("line", REFUSED)
def test_it_is_found_with_its_line(found, line: str):
    (offence,) = found(line)
    assert offence.startswith("file:2: ")


@pytest.mark.parametrize("line", ALLOWED)
def test_it_is_let_be(found, line: str):
    assert found(line) == []
