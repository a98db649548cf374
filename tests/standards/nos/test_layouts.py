"""One layout a test: the marks, headings, sub-items and numbers that standards print.

All wording is invented.
"""

import pytest

from standards.nos import ParsedStandard, read_text


def read(text: str) -> ParsedStandard:
    (standard,) = read_text(text)
    return standard


def codes_and_texts(criteria) -> list[tuple[str, str]]:
    return [(c.code, c.text) for c in criteria]


def groups(criteria) -> list[str | None]:
    return [c.group for c in criteria]


KNOWLEDGE = "\nKnowledge and understanding\nYou need to know and understand:\nK1 radio procedures\n"


@pytest.mark.parametrize(
    "label",
    "P{n}|P{n}.|PC{n}|PC {n}|P {n}|P0{n}|P{n}:|(P{n})|P{n} -|P{n}\t|{n}.|{n})|({n})|{n}|{n}.\t|1.|"
    "•|-|*|–|o|•\t|\uf0b7".split("|"),
)
def test_every_way_to_mark_an_item_gives_the_same_codes(label):
    items = ["plan your patrol", "use a radio", "record incidents"]
    lines = [f"{label.format(n=n)} {text}" for n, text in enumerate(items, 1)]
    text = "Performance criteria\nYou must be able to:\n" + "\n".join(lines) + KNOWLEDGE
    standard = read(text)
    expected = [("P1", items[0]), ("P2", items[1]), ("P3", items[2])]
    assert codes_and_texts(standard.performance) == expected
    assert standard.warnings == ()


@pytest.mark.parametrize(
    ("performance", "knowledge"),
    [
        ("Performance criteria", "Knowledge and understanding"),
        ("PERFORMANCE CRITERIA:", "KNOWLEDGE & UNDERSTANDING:"),
        ("2. Performance Criteria", "3. Knowledge and Understanding"),
        ("Performance\ncriteria", "Knowledge and\nunderstanding"),
        ("Performance\n\ncriteria", "Knowledge and\n\nunderstanding"),
        ("## Performance criteria", "## Essential knowledge and understanding"),
        ("**What you must do**", "**What you must know**"),
        ("You must be able to:", "You need to know and understand:"),
        ("The individual must be able to", "The individual must know and understand"),
        ("You must be able to do the following:", "You will need to know and understand:"),
        ("Performance criteria (continued)", "Underpinning knowledge"),
        ("Meini perfformiad", "Gwybodaeth a dealltwriaeth"),
        ("Rhaid i chi allu:", "Rhaid i chi wybod a deall:"),
        ("Mae'n rhaid i chi allu:", "Mae angen i chi wybod a deall:"),
    ],
)
@pytest.mark.parametrize("knowledge_first", [False, True])
def test_every_heading_opens_its_list(performance, knowledge, knowledge_first):
    first = f"{performance}\n\n1. load the van\n2. secure the load\n"
    second = f"{knowledge}\n\n1. load limits\n2. tachograph rules\n"
    parts = [second, first] if knowledge_first else [first, second]
    standard = read("LOGXX9 Load vehicles\n\n" + "\n".join(parts))
    assert codes_and_texts(standard.performance) == [
        ("P1", "load the van"),
        ("P2", "secure the load"),
    ]
    assert codes_and_texts(standard.knowledge) == [
        ("K1", "load limits"),
        ("K2", "tachograph rules"),
    ]
    assert (standard.urn, standard.title) == ("LOGXX9", "Load vehicles")


def test_care_standard_with_groups_footers_and_a_proper_name_at_a_line_start():
    standard = read("""\
SCDHSC0931
Support individuals to manage their mealtimes

Overview
This standard identifies the requirements when you support individuals to
manage their mealtimes.

SCDHSC0931
Support individuals to manage their mealtimes                              1

Performance criteria

Find out what individuals prefer to eat and drink
You must be able to:
P1  ask the individual and key people about their likes, dislikes and any
    foods they must avoid
P2  record the individual's choices in line with the requirements of the
    Care Inspectorate and your organisation
Support individuals to eat and drink
You must be able to:
P3  prepare the area so that it is clean, comfortable and free from

SCDHSC0931
Support individuals to manage their mealtimes                              2

    distractions
P4  report to
    a) the person in charge
    b) the dietician, where one is involved

Knowledge and
understanding

You need to know and understand:

Rights
K1  legal and work setting requirements on equality, diversity and
    discrimination

Your practice
K2  signs of choking and how to respond
K3  how to use thickening agents at stages 1, 2 and 3
""")
    assert (standard.urn, standard.title) == (
        "SCDHSC0931",
        "Support individuals to manage their mealtimes",
    )
    assert codes_and_texts(standard.performance) == [
        (
            "P1",
            "ask the individual and key people about their likes, dislikes and any "
            "foods they must avoid",
        ),
        (
            "P2",
            "record the individual's choices in line with the requirements of the "
            "Care Inspectorate and your organisation",
        ),
        ("P3", "prepare the area so that it is clean, comfortable and free from distractions"),
        ("P4", "report to"),
    ]
    assert groups(standard.performance) == (
        ["Find out what individuals prefer to eat and drink"] * 2
        + ["Support individuals to eat and drink"] * 2
    )
    assert standard.performance[3].subitems == (
        "the person in charge",
        "the dietician, where one is involved",
    )
    assert groups(standard.knowledge) == ["Rights", "Your practice", "Your practice"]
    assert standard.knowledge[2].text == "how to use thickening agents at stages 1, 2 and 3"
    assert standard.warnings == ()


def test_numbers_inside_sentences_divide_nothing():
    standard = read("""\
Performance criteria
You must be able to:
1. fix detectors in line with BS 5839 Part 1. Fixings must suit the ceiling
2. store bearings at least 3. 5 metres from heat
3. meet the requirements of Regulation
4. These include notices
5. finish within 24 hours, using 2019 or later models
Knowledge and understanding
You need to know and understand:
K1 why K1 and K2 belong together
K2 the tests in P3 and
P10 above
""")
    assert [c.text for c in standard.performance] == [
        "fix detectors in line with BS 5839 Part 1. Fixings must suit the ceiling",
        "store bearings at least 3. 5 metres from heat",
        "meet the requirements of Regulation 4. These include notices",
        "finish within 24 hours, using 2019 or later models",
    ]
    assert [c.code for c in standard.performance] == ["P1", "P2", "P3", "P5"]
    assert [c.text for c in standard.knowledge] == [
        "why K1 and K2 belong together",
        "the tests in P3 and P10 above",
    ]


@pytest.mark.parametrize(
    ("subs", "indent"),
    [
        (("a)", "b)", "c)"), ""),
        (("(a)", "(b)", "(c)"), ""),
        (("i)", "ii)", "iii)"), "   "),
        (("2.1", "2.2", "2.3"), ""),
        (("•", "•", "•"), "  "),
        (("-", "-", "-"), ""),
        (("o", "o", "o"), "    "),
        (("", "", ""), "   "),
    ],
)
def test_subitems_are_no_criteria(subs, indent):
    lines = [
        f"{indent}{mark} {text}".rstrip()
        for mark, text in zip(subs, ("tyres", "lights", "mirrors"), strict=True)
    ]
    text = "Performance criteria\nYou must be able to:\n1. start the bus\n2. check the following:\n"
    standard = read(text + "\n".join(lines) + "\n3. drive off" + KNOWLEDGE)
    assert codes_and_texts(standard.performance) == [
        ("P1", "start the bus"),
        ("P2", "check the following:"),
        ("P3", "drive off"),
    ]
    assert standard.performance[1].subitems == ("tyres", "lights", "mirrors")


def test_subitems_on_the_line_of_their_item():
    standard = read(
        "Performance criteria\nYou must be able to:\n"
        "P1 check: a) tyres b) lights\nP2 clean: • seats • floor\nP3 park" + KNOWLEDGE
    )
    assert [(c.text, c.subitems) for c in standard.performance] == [
        ("check:", ("tyres", "lights")),
        ("clean:", ("seats", "floor")),
        ("park", ()),
    ]


def test_a_numbered_list_within_an_item_starts_at_one_again():
    standard = read("""\
Performance criteria
You must be able to:
1. sharpen tools
2. choose from:
   1. ball bearings
   2. roller bearings
   3. sleeves
3. fit the bearing
""")
    assert [c.code for c in standard.performance] == ["P1", "P2", "P3"]
    assert standard.performance[1].subitems == ("ball bearings", "roller bearings", "sleeves")


def test_lettered_list_with_romans_and_semicolons():
    standard = read("""\
Overview
This standard is for door supervisors.
Performance criteria
You must be able to:
a) search people in line with the law;
b) deal with refusals calmly;
c) record searches, giving:
   i) the time;
   ii) the place; and
   iii) the reason; and
d) hand over property.
Knowledge and understanding
You must know and understand
a) the Equality Act 2010; and
b) conflict management.
""")
    assert codes_and_texts(standard.performance) == [
        ("P1", "search people in line with the law"),
        ("P2", "deal with refusals calmly"),
        ("P3", "record searches, giving:"),
        ("P4", "hand over property."),
    ]
    assert standard.performance[2].subitems == ("the time", "the place", "the reason")
    assert [c.text for c in standard.knowledge] == ["the Equality Act 2010", "conflict management."]


def test_letters_without_marks_count_only_as_a_sequence():
    standard = read(
        "Performance criteria\nYou must be able to:\n1 log items\n2 store items\n"
        "Knowledge and understanding\nYou need to know and understand:\n"
        "a a little law\nb storage rules\nc proof of ownership\n"
    )
    assert [c.text for c in standard.knowledge] == [
        "a little law",
        "storage rules",
        "proof of ownership",
    ]


def test_elements_that_restart_their_numbers_are_numbered_through():
    standard = read("""\
Unit 14: Operate a fork-lift truck
URN: LOGXX14

Element 1 Prepare the truck
Performance criteria
You must be able to:
1. carry out pre-use checks
2. report faults
Knowledge and understanding
You need to know and understand:
1. what to check

Element 2 Move loads
Performance criteria
You must be able to:
1. lift loads within the safe working limit
2. stack loads squarely
Knowledge and understanding
You need to know and understand:
1. load centres
""")
    assert standard.title == "Operate a fork-lift truck"
    assert [c.code for c in standard.performance] == ["P1", "P2", "P3", "P4"]
    assert groups(standard.performance) == (
        ["Element 1 Prepare the truck"] * 2 + ["Element 2 Move loads"] * 2
    )
    assert [(c.code, c.group) for c in standard.knowledge] == [
        ("K1", "Element 1 Prepare the truck"),
        ("K2", "Element 2 Move loads"),
    ]
    assert any("start again" in w and "P1 to P4" in w for w in standard.warnings)


def test_printed_codes_and_gaps_stay():
    standard = read(
        "Performance criteria\nYou must be able to:\nP01 weld\nPC2 grind\nP 4 inspect" + KNOWLEDGE
    )
    assert [c.code for c in standard.performance] == ["P1", "P2", "P4"]
    assert standard.warnings == ("The numbers skip P3: check that nothing is missing.",)


def test_repeated_codes_are_numbered_in_reading_order():
    standard = read(
        "Performance criteria\nYou must be able to:\nP1 weld\nP2 grind\nP2 inspect" + KNOWLEDGE
    )
    assert [c.code for c in standard.performance] == ["P1", "P2", "P3"]
    assert "repeat" in standard.warnings[0]


def test_section_numbers_before_item_numbers_go():
    standard = read("""\
LANXX312 Prepare soil
1. OVERVIEW
This standard covers soil.
2. KNOWLEDGE AND UNDERSTANDING
You need to know and understand:
2.1 the main soil types
2.2 why compaction matters
3. PERFORMANCE CRITERIA
You must be able to:
3.1 assess the soil
3.2 clear debris
4. GLOSSARY
Ameliorant: material that improves soil
""")
    assert [c.code for c in standard.performance] == ["P1", "P2"]
    assert [c.code for c in standard.knowledge] == ["K1", "K2"]
    assert standard.sections["glossary"] == "Ameliorant: material that improves soil"


def test_element_numbers_in_printed_codes_stay():
    standard = read("""\
Element 1: Clean the area
PC1.1 remove debris
PC1.2 weed
Element 2: Dig
PC2.1 dig over
Knowledge and understanding
K1.1 tools
K2.1 compost types
""")
    assert [c.code for c in standard.performance] == ["P1.1", "P1.2", "P2.1"]
    assert groups(standard.performance)[2] == "Element 2: Dig"
