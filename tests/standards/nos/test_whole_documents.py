"""Markdown, HTML, Welsh editions, units, compendia, topic pages and what stands round a list.

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
