"""For any text: an answer or a refusal, in work that grows as the text does."""

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standards.nos import NotAStandard, ParsedStandard, as_json, read_bytes, read_text

TEXTS = Path(__file__).parents[3] / "fixtures" / "texts"
SEEDS = [path.read_text(encoding="utf-8") for path in sorted(TEXTS.glob("*.txt"))]
FEW = settings(max_examples=60, deadline=None)
MORE = settings(max_examples=150, deadline=None)

FRAGMENTS = st.sampled_from(
    "Performance criteria|Knowledge and understanding|You must be able to:|Overview|P1|P2 do|K1|1.|"
    "2. check the following:|a) tyres|• lights|- mirrors|Element 1 Prepare|URN: ABCD12|Version|2|"
    "Date approved|January 2013|Keywords|a; b|The learner will:|The learner can:|1.1 Explain|"
    "Topic Synopsis|Marking Points|ABCD12 Lay floors|3|Page 2 of 3||\f|\t|P1 P2 P3|how to work|"
    "Rhaid i chi allu:|Gwerthoedd|Note: this|<li>|</ul>|**|| x | y ||â€™|¡¯|\ufffd|(c)|P1.2|"
    "Suite".split("|")
)


def read_or_refuse(text: str) -> list[ParsedStandard]:
    try:
        standards = read_text(text)
    except NotAStandard:
        return []
    for standard in standards:
        hold_to_shape(standard)
    return standards


def hold_to_shape(standard: ParsedStandard) -> None:
    data = standard.as_dict()
    assert ParsedStandard.from_dict(data) == standard
    assert json.loads(json.dumps(data, ensure_ascii=False).encode()) == data
    for letter, criteria in (("P", standard.performance), ("K", standard.knowledge)):
        codes = [c.code for c in criteria]
        assert len(set(codes)) == len(codes)
        assert all(code[0] == letter and code[1:].replace(".", "").isdigit() for code in codes)
        assert all(c.text.strip() == c.text and c.text for c in criteria)
        assert all(sub for c in criteria for sub in c.subitems)
    assert ("urn" in standard.missing) == (standard.urn is None)
    assert ("title" in standard.missing) == (standard.title is None)


@MORE
@given(st.text(max_size=400))
def test_any_text(text):
    read_or_refuse(text)
    read_or_refuse("Performance criteria\nYou must be able to:\n" + text)


@MORE
@given(
    st.lists(st.one_of(FRAGMENTS, st.text(max_size=30)), max_size=40), st.sampled_from("\n |\n\n")
)
def test_any_order_of_the_words_that_standards_use(parts, glue):
    read_or_refuse(glue.join(parts))


@FEW
@given(st.binary(max_size=400))
def test_any_bytes(data):
    for prefix in (b"", b"%PDF-1.4\n", b"\xff\xfe", b"\xef\xbb\xbf"):
        try:
            read_bytes(prefix + data)
        except NotAStandard:
            continue


@FEW
@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False), st.integers(0, 6))
def test_damaged_copies_of_the_published_texts(seed, rnd, damage):
    read_or_refuse(DAMAGE[damage](seed, rnd))


def _cut(text: str, rnd: random.Random) -> str:
    start = rnd.randrange(len(text))
    return text[start : start + rnd.randrange(len(text))]


def _shuffle(text: str, rnd: random.Random) -> str:
    lines = text.split("\n")
    rnd.shuffle(lines)
    return "\n".join(lines)


def _join_lines(text: str, rnd: random.Random) -> str:
    return "".join(rnd.choice((" ", "\n", "")) if c == "\n" else c for c in text)


def _drop_lines(text: str, rnd: random.Random) -> str:
    return "\n".join(line for line in text.split("\n") if rnd.random() < 0.7)


def _spoil(text: str, rnd: random.Random) -> str:
    odd = "\u00ad\u200b\ufffd\x00\x1b|*#<>&;:()[]1.P"
    return "".join(rnd.choice(odd) if rnd.random() < 0.02 else c for c in text)


def _with_another(text: str, rnd: random.Random) -> str:
    return text + rnd.choice(("", "\n", "\n\n", "\f")) + rnd.choice(SEEDS)


def _wrong_encoding(text: str, rnd: random.Random) -> str:
    wrong = rnd.choice(("cp1252", "latin-1", "cp437"))
    return text.encode("utf-8").decode(wrong, errors="replace")


DAMAGE: list[Callable[[str, random.Random], str]] = [
    _cut,
    _shuffle,
    _join_lines,
    _drop_lines,
    _spoil,
    _with_another,
    _wrong_encoding,
]


@pytest.mark.parametrize("glue", ["\n", "\n\n", "\f"])
@pytest.mark.parametrize("first", range(len(SEEDS)))
@pytest.mark.parametrize("second", range(len(SEEDS)))
def test_two_texts_in_one_file_read_as_they_do_alone(first, second, glue):
    alone = [read_text(SEEDS[i])[0] for i in (first, second)]
    together = read_text(SEEDS[first] + glue + SEEDS[second])
    assert [without_warnings(s) for s in together] == [without_warnings(s) for s in alone]


def without_warnings(standard: ParsedStandard) -> dict[str, object]:
    """What was damaged in the file is said once, at its first standard."""
    return {key: value for key, value in standard.as_dict().items() if key != "warnings"}


def test_all_five_texts_in_one_file():
    together = read_text("\n\n".join(SEEDS))
    assert [without_warnings(s) for s in together] == [
        without_warnings(read_text(seed)[0]) for seed in SEEDS
    ]


def render(standard: ParsedStandard) -> str:
    """A clean print of a parse."""
    lines = [standard.title or "", f"URN: {standard.urn}" if standard.urn else "", "Overview"]
    lines += [standard.sections.get("overview", "")]
    for heading, leadin, criteria in (
        ("Performance criteria", "You must be able to:", standard.performance),
        ("Knowledge and understanding", "You need to know and understand:", standard.knowledge),
    ):
        lines += ["", heading, "", leadin, ""]
        group = None
        for criterion in criteria:
            if criterion.group != group:
                group = criterion.group
                lines += ["", str(group), leadin]
            lines.append(f"{criterion.code} {criterion.text}")
            lines += [f"    • {sub}" for sub in criterion.subitems]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", [s for s in SEEDS if "Topic Synopsis" not in s])
def test_a_parse_printed_and_read_again_is_the_same(seed):
    (standard,) = read_text(seed)
    (again,) = read_text(render(standard))
    assert again.performance == standard.performance
    assert again.knowledge == standard.knowledge
    assert (again.urn, again.title) == (standard.urn, standard.title)
    assert again.warnings == ()


def test_json_of_one_and_of_several():
    one = read_text(SEEDS[1])
    assert as_json(one) == one[0].as_dict()
    assert set(as_json([*one, *one])) == {"standards"}
    assert as_json([])["standards"] == []


def calls_for(text: str) -> int:
    """How many functions are called: work that no other process on the machine can change."""
    count = 0

    def profile(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        read_text(text)
    except NotAStandard:
        pass
    finally:
        sys.setprofile(None)
    return count


LIST = "Performance criteria\nYou must be able to:\n"
GROWING = {
    "numbered": lambda n: LIST + "".join(f"{i}. do thing {i}\n" for i in range(1, n)),
    "unmarked": lambda n: LIST + "check the thing again\n" * n,
    "wrapped": lambda n: LIST + "keep the customer informed of each step and why that\nis so\n" * n,
    "labels alone": lambda n: LIST + "".join(f"P{i}\n" for i in range(1, n)) + "check it\n" * n,
    "lead-ins": lambda n: LIST + "You must be able to:\nP1 x\n" * n,
    "headings": lambda n: (LIST + "1. a\nKnowledge and understanding\n1. b\n") * n,
    "labels of metadata": lambda n: LIST + "1. a\n2. b\n" + "Suite\nx\n" * n,
    "bullets on one line": lambda n: LIST + "• a " * n,
    "codes on one line": lambda n: LIST + "".join(f"P{i} do it " for i in range(1, n)),
    "sub-items on one line": lambda n: LIST + "1. x " + "a) b) " * n,
    "one standard over and over": lambda n: "\n\n".join([SEEDS[1]] * (n // 50)),
    "running titles": lambda n: SEEDS[0] + "ABCD12 Lay floors\n1\n" * n,
    "tags": lambda n: LIST + "<p>a<b>" * n,
}


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_with_the_text_and_no_faster(name):
    small, large = (calls_for(GROWING[name](n)) for n in (200, 800))
    assert large < small * 4 * 1.5


@pytest.mark.parametrize("text", [" ", "\t", "(", "[", "*", "|", "<", "&", "1.", "P", "a-", "â€"])
def test_no_pattern_looks_back_over_a_long_run(text):
    """A pattern that backtracks takes a square of this length, which is hours."""
    read_or_refuse(LIST + text * 40_000)
    read_or_refuse(LIST + "P1 " + text * 40_000 + " x\nP2 y")
