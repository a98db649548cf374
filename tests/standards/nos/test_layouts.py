"""One layout a test: how other sectors print, scrape and paste their standards.

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


def test_a_whole_standard_on_one_line():
    standard = read(
        "COSVX77 Lay drainage channels. Overview This standard is about laying channels. "
        "Performance criteria You must be able to: P1 select the required quantity of channel "
        "P2 set out the line and level P3 excavate to at least 2.5 metres where shown P4 dispose "
        "of waste in line with section 34 of the Act Knowledge and understanding You need to know "
        "and understand: K1 how falls are calculated K2 types of bedding Developed by CITB Version "
        "number 3 Date approved June 2015 Indicative review date June 2020 Validity Current Status "
        "Original Originating organisation CITB Original URN COSVX77 Relevant occupations "
        "Groundworkers Suite Groundworks Key words drain; channel; fall"
    )
    assert (standard.urn, standard.title) == ("COSVX77", "Lay drainage channels")
    assert [c.text for c in standard.performance] == [
        "select the required quantity of channel",
        "set out the line and level",
        "excavate to at least 2.5 metres where shown",
        "dispose of waste in line with section 34 of the Act",
    ]
    assert [c.text for c in standard.knowledge] == [
        "how falls are calculated",
        "types of bedding",
    ]
    metadata = standard.metadata
    assert (metadata.version, metadata.approved_on, metadata.review_on) == (
        "3",
        "2015-06",
        "2020-06",
    )
    assert (metadata.relevant_occupations, metadata.suites) == ("Groundworkers", ("Groundworks",))
    assert metadata.keywords == ("drain", "channel", "fall")


def test_run_on_lists_split_at_their_numbers():
    standard = read(
        "Performance criteria\nYou must be able to: 1. greet callers 2. take messages at least 3. "
        "5 times a day 3. transfer calls\nKnowledge and understanding\n"
        "You need to know and understand: • call costs • the phone system\n"
    )
    assert [c.text for c in standard.performance] == [
        "greet callers",
        "take messages at least 3. 5 times a day",
        "transfer calls",
    ]
    assert [c.text for c in standard.knowledge] == ["call costs", "the phone system"]


def test_labels_run_together_before_run_on_sentences():
    standard = read(
        "SCDHSC0999 Promote good hydration Overview This standard identifies the requirements when "
        "you promote good hydration. SCDHSC0999 Promote good hydration 1 Performance criteria You "
        "must be able to: Establish individuals' needs P1 P2 P3 seek information about what the "
        "individual likes to drink observe how much the individual drinks over a day record what "
        "you observe in the agreed way Support individuals to drink You must be able to: P4 P5 "
        "offer drinks often and within reach encourage key people to offer drinks when they visit "
        "SCDHSC0999 Promote good hydration 2 Knowledge and understanding You need to know and "
        "understand: K1 signs of dehydration K2 how to report concerns"
    )
    assert codes_and_texts(standard.performance) == [
        ("P1", "seek information about what the individual likes to drink"),
        ("P2", "observe how much the individual drinks over a day"),
        ("P3", "record what you observe in the agreed way"),
        ("P4", "offer drinks often and within reach"),
        ("P5", "encourage key people to offer drinks when they visit"),
    ]
    assert groups(standard.performance) == (
        ["Establish individuals' needs"] * 3 + ["Support individuals to drink"] * 2
    )
    assert standard.sections["overview"].endswith("when you promote good hydration.")
    assert any("labels stood apart" in warning for warning in standard.warnings)


def test_a_list_in_one_paragraph_is_cut_at_semicolons_and_says_so():
    standard = read(
        "Unit 3 Care for plants\nPerformance criteria\nYou must be able to: water plants at the "
        "right time; feed plants when needed; remove dead leaves; and report pests.\n" + KNOWLEDGE
    )
    assert [c.text for c in standard.performance] == [
        "water plants at the right time",
        "feed plants when needed",
        "remove dead leaves",
        "report pests.",
    ]
    assert any("cut out of one paragraph" in warning for warning in standard.warnings)


def test_loose_labels_after_their_sentences():
    standard = read("""\
ASTFX44 Assist with the fitting of orthoses

Performance criteria
You must be able to:
confirm the identity of the patient before any contact
P1
check the prescription against the device supplied
P2
explain to the patient what you are going to do and obtain
their valid consent
P3

Knowledge and understanding
You need to know and understand:
K1
K2
K3
the anatomy of the lower limb
how pressure damages skin and the signs of this
that you must look for
who to refer to
""")
    assert codes_and_texts(standard.performance) == [
        ("P1", "confirm the identity of the patient before any contact"),
        ("P2", "check the prescription against the device supplied"),
        (
            "P3",
            "explain to the patient what you are going to do and obtain their valid consent",
        ),
    ]
    assert codes_and_texts(standard.knowledge) == [
        ("K1", "the anatomy of the lower limb"),
        ("K2", "how pressure damages skin and the signs of this that you must look for"),
        ("K3", "who to refer to"),
    ]


def test_lost_bullets_one_item_a_line():
    standard = read("""\
Drive a bus in service
PPLPCV99

What you must do

check the vehicle before you leave the depot
report defects to the right person
help passengers who use wheelchairs to board and alight
deal with fares

What you must know

the law on drivers' hours
your company's procedures for lost property
how to use the ramp
what to do if a passenger is taken ill
""")
    assert (standard.urn, standard.title) == ("PPLPCV99", "Drive a bus in service")
    assert len(standard.performance) == 4
    assert [c.text for c in standard.knowledge] == [
        "the law on drivers' hours",
        "your company's procedures for lost property",
        "how to use the ramp",
        "what to do if a passenger is taken ill",
    ]


def test_lost_bullets_in_wrapped_lines():
    standard = read("""\
Performance criteria
You must be able to:

monitor the logs of network devices for signs of unauthorised
access in line with organisational procedures
escalate security incidents to the right people within the
time limits that the organisation sets
review the effectiveness of monitoring rules
propose changes to rules where false alarms are frequent and
agree these with the owner of the system

Knowledge and understanding
You need to know and understand:

how the main types of attack show themselves in logs
what the organisation's incident process requires, including
who may talk to the press
why clocks must be synchronised
""")
    assert [c.text for c in standard.performance] == [
        "monitor the logs of network devices for signs of unauthorised access in line with "
        "organisational procedures",
        "escalate security incidents to the right people within the time limits that the "
        "organisation sets",
        "review the effectiveness of monitoring rules",
        "propose changes to rules where false alarms are frequent and agree these with the owner "
        "of the system",
    ]
    assert [c.text for c in standard.knowledge] == [
        "how the main types of attack show themselves in logs",
        "what the organisation's incident process requires, including who may talk to the press",
        "why clocks must be synchronised",
    ]


def test_paragraphs_apart_by_empty_lines():
    standard = read("""\
Manage a nursery budget

Performance criteria

You must be able to:

Prepare a budget for the nursery that reflects the number of children on roll and the ratios.

Monitor spending each month.

Knowledge and understanding

You need to know and understand:

How fees are set.

Who must approve spending.
""")
    assert len(standard.performance) == 2
    assert [c.text for c in standard.knowledge] == [
        "How fees are set.",
        "Who must approve spending.",
    ]


def test_headings_in_the_left_margin():
    standard = read("""\
CCSXX19                Manage an exhibition budget

Performance            You must be able to:
criteria               P1 forecast income and spending
                       P2 agree the budget with the
                          board of trustees

Knowledge and          You need to know and understand:
understanding          K1 the difference between cash and profit

Scope/range            Exhibitions of any size.
""")
    assert (standard.urn, standard.title) == ("CCSXX19", "Manage an exhibition budget")
    assert [c.text for c in standard.performance] == [
        "forecast income and spending",
        "agree the budget with the board of trustees",
    ]
    assert standard.sections["scope_range"] == "Exhibitions of any size."


def test_table_pasted_with_tabs():
    standard = read(
        "Code\tPerformance criteria\tMet\nP1\tload the van\tyes\nP2\tsecure the load\t\n"
        "Code\tKnowledge and understanding\tMet\nK1\tload limits\tno\n"
    )
    assert codes_and_texts(standard.performance) == [
        ("P1", "load the van"),
        ("P2", "secure the load"),
    ]
    assert codes_and_texts(standard.knowledge) == [("K1", "load limits")]


def test_markdown():
    standard = read("""\
# SFSXX8 Patrol designated areas

## Overview

This standard is about **patrolling**.

## Performance criteria

*You must be able to:*

- **P1** plan your patrol
- **P2** use a radio:
  - clearly
  - using call signs

## Knowledge and understanding

*You need to know and understand:*

* **K1** your assignment instructions

| Version number | 2 |
|---|---|
| Date approved | 2018-05-01 |
""")
    assert (standard.urn, standard.title) == ("SFSXX8", "Patrol designated areas")
    assert standard.sections["overview"] == "This standard is about patrolling."
    assert standard.performance[1].subitems == ("clearly", "using call signs")
    assert (standard.metadata.version, standard.metadata.approved_on) == ("2", "2018-05-01")
    assert standard.warnings == ()


def test_html_source():
    standard = read(
        '<!DOCTYPE html><html><head><title>NOS</title><style>p{}</style><script>"<p>1. x</p>"'
        '</script></head><body><nav><a href="/">Home</a></nav><h1>Clean guest rooms</h1>'
        "<p><b>URN:</b> PPLHX4</p><h2>Performance criteria</h2><p>You must be able to:</p><ol>"
        "<li>strip beds</li><li>check for:<ul><li>damage</li><li>lost property</li></ul></li>"
        "<li>report faults to the guests&rsquo; team</li></ol><!-- <li>no</li> -->"
        "<h2>Knowledge and Understanding</h2><p>You need to know and understand:</p><ol><li>"
        "<p>why linen is\nsorted &amp; counted</p></li></ol><h2>Values</h2>"
        "<dl><dt>Keywords</dt><dd>bed; room</dd></dl></body></html>"
    )
    assert (standard.urn, standard.title) == ("PPLHX4", "Clean guest rooms")
    assert [(c.code, c.text, c.subitems) for c in standard.performance] == [
        ("P1", "strip beds", ()),
        ("P2", "check for:", ("damage", "lost property")),
        ("P3", "report faults to the guests’ team", ()),
    ]
    assert [c.text for c in standard.knowledge] == ["why linen is sorted & counted"]
    assert standard.sections == {"values": ""}
    assert standard.metadata.keywords == ("bed", "room")


def test_welsh_edition():
    standard = read("""\
SCDHSX24
Cefnogi diogelu unigolion

Trosolwg
Mae'r safon hon yn nodi'r gofynion.

Meini perfformiad

Cynnal y berthynas ag unigolion
Rhaid i chi allu:
P1 datblygu perthynas sy'n seiliedig ar barch
P2 gweithio mewn ffyrdd sy'n meithrin
   ymddiriedaeth

SCDHSX24
Cefnogi diogelu unigolion 1

Gwybodaeth a dealltwriaeth
Mae angen i chi wybod a deall:
Hawliau
G1 gofynion cyfreithiol
G2 eich dyletswydd i adrodd

Gwerthoedd

Ymddygiadau

Datblygwyd gan Sgiliau Gofal a Datblygu
Rhif y fersiwn 1
Dyddiad cymeradwyo 12 Mawrth 2012
Dyddiad adolygu dangosol Awst 2014
Dilysrwydd Cyfredol
Statws Gwreiddiol
Sefydliad cychwynnol Sgiliau Gofal a Datblygu
URN gwreiddiol HSC24
Galwedigaethau perthnasol Gofal cymdeithasol
Cyfres Iechyd a gofal cymdeithasol
Geiriau allweddol Diogelu; amddiffyn
""")
    assert (standard.urn, standard.title) == ("SCDHSX24", "Cefnogi diogelu unigolion")
    assert groups(standard.performance) == ["Cynnal y berthynas ag unigolion"] * 2
    assert [(c.code, c.group) for c in standard.knowledge] == [("K1", "Hawliau"), ("K2", "Hawliau")]
    assert standard.sections == {
        "overview": "Mae'r safon hon yn nodi'r gofynion.",
        "values": "",
        "behaviours": "",
    }
    metadata = standard.metadata
    assert (metadata.approved_on, metadata.review_on) == ("2012-03-12", "2014-08")
    assert metadata.suites == ("Iechyd a gofal cymdeithasol",)
    assert (metadata.original_urn, metadata.status) == ("HSC24", "Gwreiddiol")
    assert metadata.keywords == ("Diogelu", "amddiffyn")


def test_qualification_unit():
    standard = read("""\
Unit title: Understand infection control in dental practice
Unit reference number: H/506/9999
Level: 3
The learner will:
1. Understand the process of infection control
The learner can:
1.1 Describe the causes of cross-infection
1.2 Explain the legislation that applies,
including waste
The learner will:
2. Know how to sterilise instruments
The learner can:
2.1 Describe the cycle of an autoclave at 2.2 bar
2.2 Identify storage times
""")
    assert standard.title == "Understand infection control in dental practice"
    assert standard.urn == "H/506/9999"
    first, second = (
        "Understand the process of infection control",
        "Know how to sterilise instruments",
    )
    assert [(c.code, c.text, c.outcome) for c in standard.assessment_criteria] == [
        ("1.1", "Describe the causes of cross-infection", first),
        ("1.2", "Explain the legislation that applies, including waste", first),
        ("2.1", "Describe the cycle of an autoclave at 2.2 bar", second),
        ("2.2", "Identify storage times", second),
    ]
    assert (standard.performance, standard.knowledge) == ((), ())


def test_qualification_unit_as_a_table():
    standard = read("""\
| Learning outcomes | Assessment criteria |
|---|---|
| The learner will: | The learner can: |
| 1. Know how to plan play | 1.1 Explain the play cycle |
| | 1.2 Describe how to audit a play space |
| 2. Be able to support play | 2.1 Support children's own play |
""")
    assert [(c.code, c.outcome) for c in standard.assessment_criteria] == [
        ("1.1", "Know how to plan play"),
        ("1.2", "Know how to plan play"),
        ("2.1", "Be able to support play"),
    ]


UNIT_LAYOUTS = {
    "columns": """\
Learning outcomes            Assessment criteria
The learner will:            The learner can:
1. Understand why            1.1 Identify different reasons
   people talk                   people communicate
                             1.2 Explain how talk
                                 affects own work
2. Meet needs                2.1 Find out preferences
""",
    "outcomes named": """\
Learning outcome 1: Understand why people talk
Assessment criteria
1.1 Identify different reasons people communicate
1.2 Explain how talk affects own work
Learning outcome 2: Meet needs
Assessment criteria
2.1 Find out preferences
""",
    "codes": """\
LO1 Understand why people talk
AC1.1 Identify different reasons people communicate
AC1.2 Explain how talk affects own work
LO2 Meet needs
AC2.1 Find out preferences
""",
    "outcomes first": """\
On completion of this unit the learner will:
1 Understand why people talk
2 Meet needs
The learner can:
1.1 Identify different reasons people communicate
1.2 Explain how talk affects own work
2.1 Find out preferences
""",
    "one line": (
        "The learner will: 1. Understand why people talk The learner can: 1.1 Identify different "
        "reasons people communicate 1.2 Explain how talk affects own work The learner will: "
        "2. Meet needs The learner can: 2.1 Find out preferences"
    ),
    "no decimals": """\
The learner will:
1. Understand why people talk
The learner can:
a) Identify different reasons people communicate
b) Explain how talk affects own work
The learner will:
2. Meet needs
The learner can:
a) Find out preferences
""",
}


@pytest.mark.parametrize("layout", UNIT_LAYOUTS)
def test_units_in_every_layout(layout):
    standard = read(UNIT_LAYOUTS[layout])
    assert [(c.code, c.text, c.outcome) for c in standard.assessment_criteria] == [
        (
            "1.1",
            "Identify different reasons people communicate",
            "Understand why people talk",
        ),
        ("1.2", "Explain how talk affects own work", "Understand why people talk"),
        ("2.1", "Find out preferences", "Meet needs"),
    ]


COMPENDIUM = """\
Playwork suite

Contents
PWXA1 Plan play ........ 2
PWXA2 Support play ....... 3

PWXA1 Plan play

Overview
This standard is about planning.

Performance criteria
You must be able to:
P1 observe children playing
P2 list resources

Knowledge and understanding
You need to know and understand:
K1 play types

Version number
1
Key words
play; plan

PWXA2 Support play

Overview
This standard is about supporting play.

Performance criteria
You must be able to:
P1 join in only when invited

Knowledge and understanding
You need to know and understand:
K1 cues and returns

Version number
2
"""


def test_compendium():
    first, second = read_text(COMPENDIUM)
    assert (first.urn, first.title, first.metadata.version) == ("PWXA1", "Plan play", "1")
    assert first.metadata.keywords == ("play", "plan")
    assert (second.urn, second.title, second.metadata.version) == ("PWXA2", "Support play", "2")
    assert [len(s.performance) for s in (first, second)] == [2, 1]


def test_compendium_without_urns():
    one = """\
{title}

Overview
About {title}.

Performance criteria
You must be able to:
1. begin
2. end

Knowledge and understanding
You need to know and understand:
1. fire rules
2. who works where

"""
    titles = ["Answer the telephone", "Greet visitors", "Sort the post"]
    standards = read_text("".join(one.format(title=title) for title in titles))
    assert [s.title for s in standards] == titles
    assert {len(s.knowledge) for s in standards} == {2}


def test_stated_counts_are_compared():
    standard = read("""\
FSPXX1 Advise clients on pensions
Overview
There are 5 performance criteria and three knowledge statements in this standard.
Performance criteria
You must be able to:
1) assess needs
2) recommend products
Knowledge and understanding
You need to know and understand:
1) tax relief
2) the regulator's rules
3) annuities
""")
    assert standard.warnings == ("The text states 5 performance criteria, found 2.",)


def test_an_introduction_before_the_list_is_no_item():
    standard = read("""\
Install fire alarms ELXX77
Performance criteria
This section lists what you must do.
You must be able to:
1. plan cable routes
2. test each zone
Knowledge and understanding
You need to know and understand:
1. zones
""")
    assert [c.text for c in standard.performance] == ["plan cable routes", "test each zone"]
    assert standard.sections["performance_introduction"] == "This section lists what you must do."


def test_a_leadin_in_the_overview_opens_no_list():
    standard = read(
        """\
Overview
This standard is about roofs. In it
You must be able to:
work at height.

Performance criteria
You must be able to:
P1 fix slates
P2 fix ridges
"""
        + KNOWLEDGE
    )
    assert [c.code for c in standard.performance] == ["P1", "P2"]
    assert "work at height." in standard.sections["overview"]


def test_evidence_requirements_end_the_list():
    standard = read(
        "Performance criteria\nYou must be able to:\n1 log items\n2 store items\n"
        + KNOWLEDGE
        + "Evidence requirements\nYou must provide evidence over 2 weeks.\n1. One item of value\n"
    )
    assert len(standard.knowledge) == 1
    assert standard.sections["evidence_requirements"].startswith("You must provide evidence")


def test_text_under_an_unknown_heading_is_kept_as_a_section():
    standard = read(
        "Performance criteria\nYou must be able to:\n1. log items\n2. store items\n"
        "\nTechnical competence\n\nThe standard applies to sites of any size and every shift.\n"
        + KNOWLEDGE
    )
    assert [c.text for c in standard.performance] == ["log items", "store items"]
    assert standard.sections["technical_competence"].startswith("The standard applies")


def test_topic_page_with_other_marks():
    standard = read("""\
Topic Synopsis
This topic is about safe lifting.
Key Concepts
Posture: Keep the back straight.
Load: Know its weight.
Exam Tips
1. Give examples.
2. Name the law.
Common Mistakes
• Twisting
• Rushing
Marking Points
Award credit for naming the four parts of the assessment.
Look for evidence of planning before lifting.
""")
    assert standard.synopsis == "This topic is about safe lifting."
    assert standard.concepts == ("Posture: Keep the back straight.", "Load: Know its weight.")
    assert standard.tips == ("Give examples.", "Name the law.")
    assert standard.misconceptions == ("Twisting", "Rushing")
    assert len(standard.marking_points) == 2


def test_bullets_on_lines_of_their_own():
    standard = read(
        "Performance criteria\nYou must be able to:\n"
        "•\nplan your patrol\nwith care\n•\nuse a radio\n"
        "Knowledge and understanding\nYou need to know and understand:\n"
        "1. signals:\n•\nhand\n•\nflag\n2. codes\n"
    )
    assert codes_and_texts(standard.performance) == [
        ("P1", "plan your patrol with care"),
        ("P2", "use a radio"),
    ]
    assert standard.knowledge[0].subitems == ("hand", "flag")
    assert standard.warnings == ()


def test_two_items_a_line_and_two_lists_a_table_row():
    standard = read(
        "Performance criteria\nYou must be able to:\n1. open the shop 2. set the alarm\n"
        "3. count the float 4. lock up\n" + KNOWLEDGE
    )
    assert [c.text for c in standard.performance][1:3] == ["set the alarm", "count the float"]
    standard = read(
        "Performance criteria\tKnowledge and understanding\nP1 clean tools\tK1 why tools rust\n"
        "P2 oil tools\tK2 types of oil\n"
    )
    assert [c.text for c in standard.performance] == ["clean tools", "oil tools"]
    assert [c.text for c in standard.knowledge] == ["why tools rust", "types of oil"]


def test_groups_without_leadins():
    standard = read("""\
PPL1XX7
Serve food at the table

Performance criteria

Prepare service areas
1. clear the table
2. lay the table

Serve customers
3. serve dishes at the right temperature

Knowledge and understanding

Law
• the Data Protection
Act
Practice
• how to fold napkins
""")
    assert groups(standard.performance) == ["Prepare service areas"] * 2 + ["Serve customers"]
    assert [(c.text, c.group) for c in standard.knowledge] == [
        ("the Data Protection Act", "Law"),
        ("how to fold napkins", "Practice"),
    ]
