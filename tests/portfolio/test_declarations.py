"""A declared wording stays as it was: whoever needs new words adds a version."""

from hashlib import sha256

import pytest

from portfolio.declarations import CURRENT, WORDINGS, wording

DECLARED = {
    "2026-1": "4424e15a98db16d0145d3867374d2a7b29117d2d6e280c52fd5d20ae0543b793",
    "2026-handed-on-1": "0079b9c08b413e78f5508fa9d0b74ed294e51cf6e13d123bb0a6e40068621e72",
    "2026-record-1": "675620f36e5906253956f810dc26db17dd9745581db8e0f8bdb4abd38cf343d5",
    "2026-answers-1": "1d3f0a66d594adbf9f42ff5d003ef072965f6ea226188205571dc0e028ef9cc0",
    "2026-witness-1": "1ba3a40a9d6900a2b5619efde3f7e1de1463f4426cdc16508878edf87b783297",
}


def test_no_wording_was_changed_or_dropped() -> None:
    digests = {name: sha256(text.encode()).hexdigest() for name, text in WORDINGS.items()}
    assert digests == DECLARED


def test_the_current_wording_covers_own_work_and_ai_tools() -> None:
    assert "my own work" in wording(CURRENT)
    assert "AI tool" in wording(CURRENT)


def test_an_unknown_version_has_no_wording() -> None:
    with pytest.raises(KeyError):
        wording("1999-1")
