"""The five published texts, criterion for criterion."""

from pathlib import Path

import pytest

from standards.nos import NotAStandard, ParsedStandard, read_bytes

TEXTS = Path(__file__).parents[3] / "fixtures" / "texts"


def read(name: str) -> ParsedStandard:
    (standard,) = read_bytes((TEXTS / name).read_bytes())
    return standard


def source_items(name: str, marks: tuple[str, ...]) -> list[str]:
    """The lines of a source that open with a mark, without it: an independent reading."""
    items = []
    for line in (TEXTS / name).read_text(encoding="utf-8").split("\n"):
        head, _, rest = line.strip().partition(" ")
        if head in marks:
            items.append(rest.strip().replace("\u00a0", " "))
    return items


class TestThe2021Edition:
    @pytest.fixture(scope="class")
    def standard(self) -> ParsedStandard:
        return read("CFACSB15-2021.txt")

    def test_identity(self, standard):
        assert standard.urn == "CFACSB15"
        assert standard.title == "Build and maintain customer relations"
        assert standard.sqa_code is None
        assert standard.missing == ()

    def test_every_criterion_reads_as_printed(self, standard):
        numbers = tuple(f"{n}." for n in range(1, 20))
        printed = source_items("CFACSB15-2021.txt", numbers)
        assert [c.text for c in standard.performance] == printed[:14]
        assert [c.text for c in standard.knowledge] == printed[14:]
        assert len(printed) == 14 + 13

    def test_codes_run_through_and_no_item_has_a_group(self, standard):
        assert [c.code for c in standard.performance] == [f"P{n}" for n in range(1, 15)]
        assert [c.code for c in standard.knowledge] == [f"K{n}" for n in range(1, 14)]
        assert {c.group for c in (*standard.performance, *standard.knowledge)} == {None}

    def test_metadata(self, standard):
        assert standard.metadata.as_dict() == {
            "version": "1",
            "approved_on": "2021-02-22",
            "review_on": "2026-03-01",
            "suites": ["Customer Service", "Equine Hoof Care"],
            "developed_by": "Skills CFA",
            "originating_organisation": "Instructus",
            "original_urn": "CFACSB15",
            "validity": "Current",
            "status": "Original",
            "relevant_occupations": "Customer Service Occupations",
            "soc_code": "7219",
            "keywords": [
                "customer relationships",
                "building relationships",
                "loyalty",
                "influence",
                "customer service",
                "communication",
                "problem solving",
                "behaviours",
                "work with others",
                "teamwork",
                "giving information",
                "receiving information services",
                "products",
            ],
        }

    def test_sections_printed_without_text_are_empty(self, standard):
        empty = [
            "scope_range",
            "scope_performance",
            "scope_knowledge",
            "values",
            "behaviours",
            "skills",
            "glossary",
            "links_to_other_nos",
            "external_links",
        ]
        assert list(standard.sections) == ["overview", *empty]
        assert {standard.sections[key] for key in empty} == {""}

    def test_the_overview_keeps_its_three_paragraphs(self, standard):
        paragraphs = standard.sections["overview"].split("\n\n")
        assert len(paragraphs) == 3
        assert paragraphs[0].startswith("This standard is part of the customer service competence")
        assert paragraphs[1].endswith("strategic contribution to your organisation's success.")
        assert "service. Strong customer" in paragraphs[1]

    def test_a_clean_text_has_no_warnings(self, standard):
        assert standard.warnings == ()


class TestThe2013Scrape:
    @pytest.fixture(scope="class")
    def standard(self) -> ParsedStandard:
        return read("CFACSB15-2013-FE3M04.txt")

    def test_identity_comes_from_the_running_title(self, standard):
        assert standard.urn == "CFACSB15"
        assert standard.title == "Build and maintain effective customer relations"
        assert standard.sqa_code == "FE3M 04"

    def test_loose_labels_find_their_sentences(self, standard):
        assert [(c.code, c.text) for c in standard.performance] == [
            (
                "P1",
                "identify the types of customers with whom you should build longer term "
                "customer relations and promote loyalty",
            ),
            (
                "P2",
                "communicate with these customers so that they know they are important "
                "to your organisation",
            ),
            (
                "P3",
                "explain your role, the purpose of making contact and the mutual benefits "
                "of building a longer term relationship with customers",
            ),
            (
                "P4",
                "make it clear that you welcome two-way communication about customer expectations",
            ),
            (
                "P5",
                "keep customers informed and accept criticism from customers openly "
                "and constructively",
            ),
            (
                "P6",
                "regularly assess whether customer expectations are being consistently met",
            ),
            (
                "P7",
                "use your influence and authority in your own organisation to ensure that "
                "customer needs and expectations are being met and, where possible, exceeded",
            ),
            (
                "P8",
                "collect feedback from customers and staff to ensure that solutions are "
                "being provided that result in customer satisfaction",
            ),
            (
                "P9",
                "analyse customer relations and propose changes that will develop longer "
                "term loyalty to people with authority in your organisation",
            ),
        ]

    def test_the_two_groups_have_their_names(self, standard):
        assert [c.group for c in standard.performance] == (
            ["Establish effective customer relations"] * 4
            + ["Maintain and develop effective customer relations"] * 5
        )
        assert {c.group for c in standard.knowledge} == {None}

    def test_knowledge(self, standard):
        assert [(c.code, c.text) for c in standard.knowledge] == [
            (
                "K1",
                "how to identify and prioritise types of customers with whom you should "
                "be building a longer term relationship",
            ),
            (
                "K2",
                "the most appropriate method of establishing relationships with customers "
                "targeted for longer term relationships",
            ),
            (
                "K3",
                "the importance of effective communication skills when dealing with customers",
            ),
            (
                "K4",
                "how to explore and agree with customers the mutual benefits of "
                "maintaining and developing a longer term relationship",
            ),
            (
                "K5",
                "how to communicate with customers, especially when they are "
                "dissatisfied with services or products",
            ),
            (
                "K6",
                "how to negotiate with customers in a way that balances their "
                "expectations with the expectations of your organisation",
            ),
            (
                "K7",
                "the types of compromises that would be acceptable to your organisation "
                "when meeting customer expectations",
            ),
            (
                "K8",
                "how to use your influence and authority in your organisation to meet or "
                "exceed customer expectations",
            ),
            (
                "K9",
                "methods of monitoring customer satisfaction appropriate to your level of "
                "authority in the organisation",
            ),
            (
                "K10",
                "the part played by internet contact and social media and the potential this "
                "offers for building and maintaining effective customer relations",
            ),
        ]

    def test_metadata_with_labels_broken_over_lines(self, standard):
        metadata = standard.metadata
        assert metadata.version == "2"
        assert (metadata.approved_on, metadata.review_on) == ("2013-01", "2016-01")
        assert metadata.originating_organisation == "Skills CFA"
        assert metadata.relevant_occupations == "Customer Service Occupations"
        assert metadata.suites == ("Customer Service (2013)",)
        assert metadata.keywords[-3:] == (
            "giving information",
            "receiving information services",
            "products",
        )
        assert "customer service" in metadata.keywords

    def test_the_overview_is_two_paragraphs_with_its_apostrophes(self, standard):
        first, second = standard.sections["overview"].split("\n\n")
        assert first.endswith("or they may be internal customers.")
        assert "your customers' expectations, encourage a way of working" in second
        assert "your organisation's success. This Standard is for you only" in second
        assert second.endswith("level of service offered to different customers.")
        assert list(standard.sections) == ["overview"]

    def test_nothing_of_the_page_furniture_is_left(self, standard):
        everything = str(standard.as_dict())
        assert "copyright disputes" not in everything
        assert "Google" not in everything
        assert "¡" not in everything

    def test_what_was_mended_is_said(self, standard):
        damaged, partial, loose = standard.warnings
        assert damaged.startswith("2 characters were damaged")
        assert "only a part" in partial
        assert loose.startswith("P1 to P9: the labels stood apart")


def test_every_item_numbered_one():
    standard = read("develop-customer-relationships.txt")
    printed = source_items("develop-customer-relationships.txt", ("1.",))
    assert [c.text for c in standard.performance] == printed[:15]
    assert [c.text for c in standard.knowledge] == printed[15:]
    assert [c.code for c in standard.performance] == [f"P{n}" for n in range(1, 16)]
    assert [c.code for c in standard.knowledge] == [f"K{n}" for n in range(1, 16)]
    assert (standard.urn, standard.title) == (None, None)
    assert standard.missing == ("urn", "title")
    assert standard.warnings == ()
    assert len(standard.sections["overview"].split("\n\n")) == 3


def test_bullets():
    standard = read("improve-customer-relationships.txt")
    printed = source_items("improve-customer-relationships.txt", ("-",))
    assert [c.text for c in standard.performance] == printed[:19]
    assert [c.text for c in standard.knowledge] == printed[19:]
    assert [c.code for c in standard.knowledge] == [f"K{n}" for n in range(1, 19)]
    assert standard.title == "Improve customer relationships and services"
    assert standard.missing == ("urn",)
    assert standard.warnings == ()


def test_topic_page():
    standard = read("customer-relationships-topic.txt")
    printed = source_items("customer-relationships-topic.txt", ("-",))
    points = (
        *standard.concepts,
        *standard.tips,
        *standard.misconceptions,
        *standard.marking_points,
    )
    assert list(points) == printed
    assert [len(standard.concepts), len(standard.tips)] == [5, 8]
    assert [len(standard.misconceptions), len(standard.marking_points)] == [6, 8]
    assert standard.synopsis.startswith("This subtopic focuses on the strategies")
    assert standard.synopsis.endswith("trust between the customer and the organization.")
    assert "\n" not in standard.synopsis
    assert standard.title is None  # the first line is the synopsis cut short, no title
    assert "customer’s confidence" in standard.tips[4]  # quotes stay as printed
    assert standard.warnings == ()


def test_the_truncated_line_alone_is_no_standard():
    with pytest.raises(NotAStandard):
        read_bytes((TEXTS / "customer-relationships-topic.txt").read_bytes()[:150])
