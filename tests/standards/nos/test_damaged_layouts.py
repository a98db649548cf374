"""Lists that lost their line ends, labels or bullets on the way.

All wording is invented.
"""

from standards.nos import ParsedStandard, read_text


def read(text: str) -> ParsedStandard:
    (standard,) = read_text(text)
    return standard


def codes_and_texts(criteria) -> list[tuple[str, str]]:
    return [(c.code, c.text) for c in criteria]


def groups(criteria) -> list[str | None]:
    return [c.group for c in criteria]


KNOWLEDGE = "\nKnowledge and understanding\nYou need to know and understand:\nK1 radio procedures\n"


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
