"""A bundle that chance has spoilt: either it is none, or it vouches for nothing that is not so."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.proof import Outcome
from reports.proof.judging import judge
from reports.proof.offline import NoBundle, opened
from tests.reports.proof.conftest import Here, Sealed

pytestmark = pytest.mark.django_db

MUTATIONS = 50
ODD: list[Any] = [None, "", "x", -1, 10**30, 1.5, True, [], {}, ["x"], {"x": 1}]
HELD = ("bundle.json", "ledger.jsonl")
VOUCHED = {Outcome.LATEST, Outcome.NEWER, Outcome.WITHDRAWN}


def places(told: Any) -> list[tuple[Any, Any]]:
    """Each value within, by what holds it and its key."""
    if not isinstance(told, dict):
        return []
    return [at for key in told for at in [(told, key), *places(told[key])]]


def without_a_field(chance: random.Random, told: Any) -> None:
    holder, key = chance.choice(places(told))
    del holder[key]


def with_something_else(chance: random.Random, told: Any) -> None:
    holder, key = chance.choice(places(told))
    holder[key] = chance.choice(ODD)


def with_a_part_as_another(chance: random.Random, told: Any) -> None:
    (one, key), (other, name) = chance.choice(places(told)), chance.choice(places(told))
    one[key] = json.loads(json.dumps(other[name]))


WAYS: list[Callable[[random.Random, Any], None]] = [
    without_a_field,
    with_something_else,
    with_a_part_as_another,
]


def spoil(chance: random.Random, lines: list[str]) -> list[str]:
    number = chance.randrange(len(lines))
    if not chance.randrange(5):
        letter = chance.randrange(len(lines[number]))
        changed = lines[number][:letter] + chance.choice('{}",0\x00') + lines[number][letter + 1 :]
    else:
        told = json.loads(lines[number])
        chance.choice(WAYS)(chance, told)
        changed = json.dumps(told, ensure_ascii=False)
    return [*lines[:number], changed, *lines[number + 1 :]]


def answer(file: Path, bundle: Path) -> str:
    try:
        return str(judge(file, register=opened(bundle), reader=Here()).outcome)
    except NoBundle:
        return "none"


def test_chance_finds_nothing_but_answers(unpacked: Path, sealed: Sealed):
    assert answer(sealed.path, unpacked) == Outcome.LATEST
    said = set()
    for seed in range(MUTATIONS):
        place = unpacked / HELD[seed % 2]
        whole = place.read_text()
        lines = whole.splitlines() if seed % 2 else [whole.replace("\n", "")]
        spoilt = spoil(random.Random(seed), lines)
        place.write_text("\n".join(spoilt))
        outcome = answer(sealed.path, unpacked)
        place.write_text(whole)
        said.add(outcome)
        if seed % 2 and spoilt != lines:  # in the ledger every word counts
            assert outcome not in VOUCHED, spoilt
    assert {"none", Outcome.UNSURE} <= said
