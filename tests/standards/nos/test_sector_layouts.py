"""How single sectors lay their pages out. All wording is invented."""

import pytest

from standards.nos import ParsedStandard, read_text


def read(text: str) -> ParsedStandard:
    (standard,) = read_text(text)
    return standard


def codes_and_texts(criteria) -> list[tuple[str, str]]:
    return [(c.code, c.text) for c in criteria]


def groups(criteria) -> list[str | None]:
    return [c.group for c in criteria]


def test_a_footer_with_half_the_title_is_no_heading_and_the_whole_title_is_kept():
    standard = read("""\
SFHHSC99
Talk with and about people in your care

Overview
This standard is about talking.

SFHHSC99 Talk with and about people                                 1

SFHHSC99
Talk with and about people in your care

Performance criteria
You must be able to:
P1 find out how people like to talk

SFHHSC99 Talk with and about people                                 2

P2 act
Knowledge and understanding
You need to know and understand:
Values
K1 everyone's right to be heard

SFHHSC99 Talk with and about people                                 3

Safe practice
K2 how to record
""")
    assert (standard.urn, standard.title) == ("SFHHSC99", "Talk with and about people in your care")
    assert standard.sections == {"overview": "This standard is about talking."}
    assert codes_and_texts(standard.performance) == [
        ("P1", "find out how people like to talk"),
        ("P2", "act"),
    ]
    assert groups(standard.performance) == [None, None]
    assert groups(standard.knowledge) == ["Values", "Safe practice"]
    assert standard.warnings == ()


def test_health_competence_of_the_older_layout():
    standard = read("""\
Skills for Health

GEN999 Get a treatment room ready

About this workforce competence
This workforce competence covers treatment rooms.

Links
It links with GEN998.

Origin
It is new.

Key Words and Concepts
Room: where treatment is given

Performance Criteria
You need to:
1. wash your hands
2. set out the tray

Knowledge and Understanding
You need to apply:

Law and policy
K1. A factual knowledge of the law

Equipment
K2. A working knowledge of trays

Skills for Health GEN999 Get a treatment room ready
Final version approved July 2009 © copyright Skills For Health
For competence management tools visit tools.example.org.uk
2
""")
    assert (standard.urn, standard.title) == ("GEN999", "Get a treatment room ready")
    assert codes_and_texts(standard.performance) == [
        ("P1", "wash your hands"),
        ("P2", "set out the tray"),
    ]
    assert groups(standard.performance) == [None, None]
    assert codes_and_texts(standard.knowledge) == [
        ("K1", "A factual knowledge of the law"),
        ("K2", "A working knowledge of trays"),
    ]
    assert groups(standard.knowledge) == ["Law and policy", "Equipment"]
    assert standard.sections == {
        "overview": "This workforce competence covers treatment rooms.",
        "links_to_other_nos": "It links with GEN998.",
        "origin": "It is new.",
        "glossary": "Room: where treatment is given",
    }
    assert standard.metadata.approved_on == "2009-07"
    assert standard.metadata.keywords == ()
    assert standard.warnings == ()


def test_knowledge_grouped_by_performance_statement():
    standard = read("""\
COSVR999v2
Lay slabs
Performance criteria
Performance statements
1.1 Read the drawing
1.2 Lay the slab
Knowledge and understanding
You need to know and understand:
Knowledge and understanding relating to performance statement 1
K1 drawings
Knowledge and understanding relating to performance statement 2
K2 mortar
""")
    assert standard.title == "Lay slabs"
    assert codes_and_texts(standard.knowledge) == [("K1", "drawings"), ("K2", "mortar")]
    assert groups(standard.knowledge) == [
        "Knowledge and understanding relating to performance statement 1",
        "Knowledge and understanding relating to performance statement 2",
    ]


def test_you_must_inside_a_range_opens_no_list():
    standard = read("""\
SKAH99 Dry hair
Performance criteria
You must be able to:
P1 protect clothing
P2 dry the hair
Range
You must:
1. use both brushes
1.1 flat
1.2 round
Knowledge and understanding
You need to know and understand:
K1 heat
""")
    assert codes_and_texts(standard.performance) == [
        ("P1", "protect clothing"),
        ("P2", "dry the hair"),
    ]
    assert standard.sections["scope_range"].startswith("You must:")
    assert standard.warnings == ()


def test_a_title_behind_the_number_of_its_unit():
    standard = read("""\
INSML999
Management & Leadership
Unit C99 Bring out ideas in your team

Outcomes of effective performance
You must be able to do the following:
1. Ask for ideas
2. Try them out
Knowledge and understanding
You need to know and understand the following:
1. Ways to ask
""")
    assert (standard.urn, standard.title) == ("INSML999", "Bring out ideas in your team")


def test_titles_above_urns_part_two_standards():
    one = """\
Title: {title}
URN: LANXX{n}
Performance criteria
You must be able to:
1. dig
2. rake
Knowledge and understanding
You need to know and understand:
1. soil
2. tools

"""
    text = one.format(title="Turn soil", n=1) + one.format(title="Level soil", n=2)
    assert [(s.urn, s.title, s.warnings) for s in read_text(text)] == [
        ("LANXX1", "Turn soil", ()),
        ("LANXX2", "Level soil", ()),
    ]


@pytest.mark.parametrize(
    "marks",
    [
        "i. ii. iii. iv.",
        "(i) (ii) (iii) (iv)",
        "I. II. III. IV.",
        "A. B. C. D.",
        "a) b) c) d)",
        "1.1 1.2 1.3 1.4",
        "P.1 P.2 P.3 P.4",
        "01 02 03 04",
        "[P1] [P2] [P3] [P4]",
    ],
)
def test_every_mark_holds_against_wrapped_lines(marks):
    marks = marks.split()
    lines = [
        "plan the work in line with the\nHealth and Safety at Work Act",
        "place signs at least\n2 metres apart and in line with\nCOSHH",
        "act",
        "check gate 12",
    ]
    items = "\n".join(f"{mark} {line}" for mark, line in zip(marks, lines, strict=True))
    standard = read(f"TSTXX1 Guard a site\nPerformance criteria\n{items}\nKnowledge\nK1 signs\n")
    assert codes_and_texts(standard.performance) == [
        ("P1", "plan the work in line with the Health and Safety at Work Act"),
        ("P2", "place signs at least 2 metres apart and in line with COSHH"),
        ("P3", "act"),
        ("P4", "check gate 12"),
    ]
    assert groups(standard.performance) == [None] * 4
    assert standard.warnings == ()


def test_letters_below_roman_numbers_are_sub_items():
    standard = read("""\
TSTXX2 Guard a gate
Performance criteria
i. check the
a) pass
b) bag
ii. open the gate
iii. close it
Knowledge
K1 passes
""")
    assert [(c.text, c.subitems) for c in standard.performance] == [
        ("check the", ("pass", "bag")),
        ("open the gate", ()),
        ("close it", ()),
    ]


def test_labels_that_wrap_beside_their_values():
    standard = read("""\
SKABL99 Shape brows
Performance criteria
You must be able to:
1. wash your hands
2. shape brows
Knowledge and understanding
1. hygiene
What you must cover
1. tint
Developed by  Habia
Indicative Review  March 2021
Date
Originating  Habia
Organisation
Original URN  SKABL99
Relevant  Beauty Therapist
Occupations
Suite  Beauty Therapy
""")
    assert standard.metadata.review_on == "2021-03"
    assert standard.metadata.originating_organisation == "Habia"
    assert standard.metadata.relevant_occupations == "Beauty Therapist"
    assert standard.metadata.suites == ("Beauty Therapy",)
    assert standard.sections == {"scope_range": "1. tint"}
    assert len(standard.performance) == 2


def test_versions_of_a_compendium_are_no_page_numbers():
    one = """\
LANXX1{n} {title}
Overview
About trees.
Performance criteria
P1 look
P2 {verb}
Knowledge and understanding
K1 roots
K2 soils
Developed by Lantra
Version number {n}
Date approved January 201{n}

"""
    text = one.format(n=1, title="Plant trees", verb="plant")
    text += one.format(n=2, title="Prune trees", verb="prune")
    first, second = read_text(text)
    assert (first.urn, first.metadata.version) == ("LANXX11", "1")
    assert (second.urn, second.metadata.version) == ("LANXX12", "2")
    assert [len(s.knowledge) for s in (first, second)] == [2, 2]
    assert (first.warnings, second.warnings) == ((), ())


def test_items_that_begin_or_end_with_a_number():
    standard = read("""\
TECXX9 Test security
Performance criteria
You must be able to:
P1 teach groups of
12
P2 note the mileage at 10,000
20,000 and 30,000 miles
P3 24-hour cover: arrange it
P4 agree the manufacturer's
Vehicle Health Check
Knowledge and understanding
1. the 7 layers of the model
2. 2FA and MFA
3. 3 kinds of test
""")
    assert codes_and_texts(standard.performance) == [
        ("P1", "teach groups of 12"),
        ("P2", "note the mileage at 10,000 20,000 and 30,000 miles"),
        ("P3", "24-hour cover: arrange it"),
        ("P4", "agree the manufacturer's Vehicle Health Check"),
    ]
    assert codes_and_texts(standard.knowledge) == [
        ("K1", "the 7 layers of the model"),
        ("K2", "2FA and MFA"),
        ("K3", "3 kinds of test"),
    ]
    assert standard.warnings == ()


def test_an_empty_number_before_a_full_item_takes_nothing_from_it():
    standard = read("""\
SKSXX9 Rig lights (Version 3)
Performance criteria
1. Hang the lamp
2.
3. Strike the lamp
4. Sweep
Knowledge
1. ladders
""")
    assert (standard.title, standard.metadata.version) == ("Rig lights", "3")
    assert codes_and_texts(standard.performance) == [
        ("P1", "Hang the lamp"),
        ("P3", "Strike the lamp"),
        ("P4", "Sweep"),
    ]
    assert standard.warnings[0] == "P2 is printed without a text."


def test_the_title_under_the_urn_of_every_page_stays_out_of_the_lists():
    standard = read("""\
CFAXX99
Serve people from outside
Performance criteria - CFAXX99 Serve people from outside - page 1
Overview
About serving.
Performance criteria
P1 greet them
Knowledge and understanding
K1 how to serve

CFAXX99
Serve people from outside
Approved 1
""")
    assert standard.title == "Serve people from outside"
    assert codes_and_texts(standard.knowledge) == [("K1", "how to serve")]


def test_two_lettered_lines_without_a_mark_are_sub_items():
    standard = read("""\
SFHXX9 Take blood
Performance criteria
1 check the name
2 take the tube, ensuring that
a the seal is whole
b the label is right
3 report
Knowledge
1 veins
""")
    assert [(c.text, c.subitems) for c in standard.performance] == [
        ("check the name", ()),
        ("take the tube, ensuring that", ("the seal is whole", "the label is right")),
        ("report", ()),
    ]


def test_lead_ins_down_the_margin_part_no_item():
    standard = read("""\
SCDHSC9924
Keep people safe
Performance
criteria        Understand harm

                P1   find out about factors, situations and
You must be          actions that could cause harm
able to:        P2   ask for help

                Work safely

You must be
able to:        P3   respect the individual

Knowledge and   Rights
understanding
                K1   the law on diversity, equality
You need to          and human rights
know and        K2   your role
understand:
""")
    assert codes_and_texts(standard.performance) == [
        ("P1", "find out about factors, situations and actions that could cause harm"),
        ("P2", "ask for help"),
        ("P3", "respect the individual"),
    ]
    assert groups(standard.performance) == ["Understand harm", "Understand harm", "Work safely"]
    assert codes_and_texts(standard.knowledge) == [
        ("K1", "the law on diversity, equality and human rights"),
        ("K2", "your role"),
    ]
    assert standard.warnings == ()


def test_groups_that_say_to_do_what():
    standard = read("""\
NOS Finder
Home > NOS > SKAEN99
Run a session
URN: SKAEN99
Performance criteria
To prepare for the session
You must be able to:
P1 plan
P2 set up
To run the session
You must be able to:
P3 welcome people
Knowledge and understanding
To prepare for the session
You need to know and understand:
K1 plans
Evidence requirements
You must be able to:
1. show photos
""")
    assert standard.title == "Run a session"
    assert groups(standard.performance) == [
        "To prepare for the session",
        "To prepare for the session",
        "To run the session",
    ]
    assert groups(standard.knowledge) == ["To prepare for the session"]
    assert standard.warnings == ()


def test_section_numbers_before_items_and_a_word_that_mostly_has_a_number_after_it():
    standard = read("""\
PPLXX99 - Manage stock
2. Performance objectives
2.1 count stock
2.2 order stock
3. Knowledge and understanding
3.1 reorder levels
3.2 FIFO
""")
    assert codes_and_texts(standard.performance) == [("P1", "count stock"), ("P2", "order stock")]
    assert codes_and_texts(standard.knowledge) == [("K1", "reorder levels"), ("K2", "FIFO")]
