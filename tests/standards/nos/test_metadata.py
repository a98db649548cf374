"""Header and metadata, however they are printed."""

import pytest

from standards.nos import ParsedStandard, read_text
from standards.nos.dates import iso_date
from standards.nos.urns import labelled_urn, looks_like_urn

LISTS = """
Performance criteria
You must be able to:
P1 load the van
P2 secure the load
Knowledge and understanding
You need to know and understand:
K1 load limits
"""


def read(text: str) -> ParsedStandard:
    (standard,) = read_text(text)
    return standard


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("22 Feb 2021", "2021-02-22"),
        ("01 Mar 2026", "2026-03-01"),
        ("1st March 2026", "2026-03-01"),
        ("March 31, 2016", "2016-03-31"),
        ("January 2013", "2013-01"),
        ("Sept 2014", "2014-09"),
        ("2016", "2016"),
        ("31/03/2016", "2016-03-31"),
        ("31.3.16", "2016-03-31"),
        ("03/2016", "2016-03"),
        ("2016-03", "2016-03"),
        ("2016-03-31", "2016-03-31"),
        ("Feb-21", "2021-02"),
        ("12 Mawrth 2012", "2012-03-12"),
        ("Awst 2014", "2014-08"),
        ("31 Rhagfyr 2024", "2024-12-31"),
        ("31 Feb 2021", "2021-02"),
        ("to be confirmed", None),
        ("", None),
    ],
)
def test_dates(printed, iso):
    assert iso_date(printed) == iso


@pytest.mark.parametrize(
    "urn",
    "CFACSB15 SFHHSC31 SCDHSC0031 INSML001 PROHSS1 COSVR210 FSPAC1 IMPSD101 LANEq312 SEMETS3-01 "
    "ASTFM401 SKAEC1 PPL1GEN4 COSVR132v2".split(),
)
@pytest.mark.parametrize(
    "header",
    [
        "Load vans\n\nURN: {}",
        "{} Load vans",
        "{}\nLoad vans",
        "Load vans ({})",
        "{} – Load vans",
        "Load vans\nUnit reference number\n{}",
        "URN\t{}\nTitle\tLoad vans",
        "Title: Load vans | URN: {} | Version: 2",
    ],
)
def test_urn_and_title_in_every_header(urn, header):
    standard = read(header.format(urn) + "\n" + LISTS)
    assert (standard.urn, standard.title) == (urn, "Load vans")
    assert standard.missing == ()


@pytest.mark.parametrize("token", ["P12", "K3", "NVQ2", "ISO9001", "BS7671", "COVID-19", "SCQF5"])
def test_other_codes_are_no_urns(token):
    assert not looks_like_urn(token)


def test_a_labelled_urn_may_have_any_shape():
    assert labelled_urn("SCDLMC B1") == "SCDLMCB1"
    assert labelled_urn("D/506/2119") == "D/506/2119"
    assert labelled_urn("to follow") is None


def test_a_version_beside_the_urn_is_the_version():
    standard = read("SKAEC1 v2 Load vans\n" + LISTS)
    assert (standard.urn, standard.title, standard.metadata.version) == ("SKAEC1", "Load vans", "2")


def test_sqa_codes():
    assert read("SKAHX12 – SQA Unit Code H9ZZ 04\nLoad vans\n" + LISTS).sqa_code == "H9ZZ 04"
    standard = read("H5LC 04 (SCDCCLD 0301) — Load vans\n" + LISTS)
    assert (standard.sqa_code, standard.urn) == ("H5LC 04", "SCDCCLD0301")
    assert standard.title == "Load vans"


def test_the_original_urn_is_not_the_urn():
    standard = read("Load vans\n" + LISTS + "Original URN\nLOGXX1\n")
    assert standard.metadata.original_urn == "LOGXX1"
    assert standard.urn is None
    assert standard.missing == ("urn",)


def test_a_long_title_wraps():
    standard = read(
        "LOGXX2\nLoad vans, lorries and\nother vehicles\n\nOverview\nAbout it.\n" + LISTS
    )
    assert standard.title == "Load vans, lorries and other vehicles"


ALIKE = {
    "colon": (
        "Version number: 2\nDate approved: January 2013\nValidity: Current\nStatus: Original\n"
        "Originating organisation: Skills Body\nRelevant occupations: Drivers\n"
        "Suite: Transport\nKey words: van; load"
    ),
    "space": (
        "Version number 2\nDate approved January 2013\nValidity Current\nStatus Original\n"
        "Originating organisation Skills Body\nRelevant occupations Drivers\n"
        "Suite Transport\nKey words van; load"
    ),
    "lines": (
        "Version number\n2\nDate approved\nJanuary 2013\nValidity\nCurrent\nStatus\nOriginal\n"
        "Originating\norganisation\nSkills Body\nRelevant\noccupations\nDrivers\n"
        "Suite\nTransport\nKey words\nvan; load"
    ),
    "airy lines": (
        "Version Number\n\n2\n\nDate Approved\n\nJanuary 2013\n\nValidity\n\nCurrent\n\nStatus\n\n"
        "Original\n\nOriginating\n\nOrganisation\n\nSkills Body\n\nRelevant\n\nOccupations\n\n"
        "Drivers\n\nSuite\n\nTransport\n\nKeywords\n\nvan;\nload"
    ),
    "table": (
        "| Version number | 2 |\n|---|---|\n| Date approved | January 2013 |\n"
        "| Validity | Current |\n| Status | Original |\n"
        "| Originating organisation | Skills Body |\n"
        "| Relevant occupations | Drivers |\n| Suite | Transport |\n| Key words | van; load |"
    ),
    "tabs": (
        "Version number\t2\nDate approved\tJanuary 2013\nValidity\tCurrent\nStatus\tOriginal\n"
        "Originating organisation\tSkills Body\nRelevant occupations\tDrivers\n"
        "Suite\tTransport\nKey words\tvan; load"
    ),
}


@pytest.mark.parametrize("layout", ALIKE)
def test_metadata_in_every_layout(layout):
    metadata = read("LOGXX1 Load vans\n" + LISTS + "\n" + ALIKE[layout]).metadata
    assert (metadata.version, metadata.approved_on) == ("2", "2013-01")
    assert (metadata.validity, metadata.status) == ("Current", "Original")
    assert metadata.originating_organisation == "Skills Body"
    assert metadata.relevant_occupations == "Drivers"
    assert metadata.suites == ("Transport",)
    assert metadata.keywords == ("van", "load")


def test_an_empty_label_has_no_value():
    standard = read("LOGXX1 Load vans\n" + LISTS + "\nSOC Code\n\nKeywords\n\nvan, load\n")
    assert standard.metadata.soc_code is None
    assert standard.metadata.keywords == ("van", "load")


@pytest.mark.parametrize(
    ("printed", "suites"),
    [
        ("Customer Service,Equine Hoof Care", ("Customer Service", "Equine Hoof Care")),
        (
            "Hospitality, Leisure and Travel,Customer Service",
            ("Hospitality, Leisure and Travel", "Customer Service"),
        ),
        ("Health; Social Care", ("Health", "Social Care")),
        ("Playwork (2010, 2016), Childcare", ("Playwork (2010, 2016)", "Childcare")),
    ],
)
def test_suites(printed, suites):
    assert read(f"LOGXX1 Load vans\n\nSuite: {printed}\n{LISTS}").metadata.suites == suites


def test_an_unreadable_date_is_said():
    standard = read("LOGXX1 Load vans\nApproved on: when ready\n" + LISTS)
    assert standard.metadata.approved_on is None
    assert standard.warnings == ('The approval date "when ready" could not be read.',)
