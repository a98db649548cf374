"""Damaged characters and the encodings of files."""

import pytest

from standards.nos import NotAStandard, read_bytes, read_text
from standards.nos.characters import mend, tidy
from standards.nos.markup import to_plain

STANDARD = """\
Prepare the client’s nails – gel

Performance criteria
You must be able to:
P1 check the client’s records
P2 charge the £ cost
P3 ffeil – cwrdd â’r cleient

Knowledge and understanding
You need to know and understand:
K1 the client’s rights
"""


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_every_usual_encoding_of_a_file(encoding):
    (standard,) = read_bytes(STANDARD.encode(encoding))
    assert standard.title == "Prepare the client’s nails – gel"
    assert [c.text for c in standard.performance] == [
        "check the client’s records",
        "charge the £ cost",
        "ffeil – cwrdd â’r cleient",
    ]
    assert standard.warnings == ()


def test_bytes_of_two_encodings_in_one_file():
    mixed = STANDARD.encode("utf-8").replace("£".encode(), b"\xa3")
    assert read_bytes(mixed)[0].performance[1].text == "charge the £ cost"


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        ("clientâ€™s", "client’s"),
        ("â€œsafeâ€\x9d", "“safe”"),
        ("â€œsafeâ€", "“safe”"),
        ("one â€“ two", "one – two"),
        ("Â£5", "£5"),
        ("a Â b", "a  b"),
        ("ï¬\x81le", "file"),
        ("ï¬le", "file"),
        ("caf\u00c3\u00a9", "café"),
        ("customers¡¯ views", "customers' views"),
        ("¡°safe¡±", '"safe"'),
        ("one¡ªtwo", "one—two"),
        ("w\u0302r", "ŵr"),
        ("it\x92s", "it’s"),
        ("a\x07b", "ab"),
    ],
)
def test_wrong_decodings_are_undone(damaged, mended):
    assert mend(damaged)[0] == mended


@pytest.mark.parametrize("text", ["gwrandäwr", "ŵyl â’r", "café", "’quoted’", "10 °C – 5 µm", "½"])
def test_right_characters_are_left_alone(text):
    assert mend(text) == (text, [])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ﬁle ﬂow oﬃce", "file flow office"),
        ("a\u00a0b\u2003c", "a b c"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("non\u2011stop", "non-stop"),
        ("\uf0b7 item", "• item"),
        ("\ud800", "\ufffd"),
    ],
)
def test_repairs_with_one_reading(text, plain):
    assert tidy(text) == plain


def test_mending_by_guess_is_said_and_the_rest_is_not():
    list_ = "Performance criteria\nYou must be able to:\nP1 ﬁle\u00a0nails\nP2 {}\n"
    assert read_text(list_.format("polish"))[0].warnings == ()
    (warning,) = read_text(list_.format("customersâ€™ nails"))[0].warnings
    assert "damaged" in warning


def test_a_character_beyond_repair_is_pointed_out():
    (standard,) = read_text("Performance criteria\nYou must be able to:\nP1 file\nP2 pol\ufffdsh\n")
    assert standard.warnings == ("P2 has a damaged character (\ufffd).",)


def test_words_divided_at_line_ends():
    (standard,) = read_text("""\
Performance criteria
You must be able to:
P1 agree with custo-
mers the long-
term plan, keeping it up-to-
date and self-
explanatory
P2 main\u00ad
tain rec\u00adords
Knowledge and understanding
You need to know and understand:
K1 customers and organi-
sations in the private, voluntary and public sec-
tors
K2 the organisations' aims
""")
    assert [c.text for c in standard.performance] == [
        "agree with customers the long-term plan, keeping it up-to-date and self-explanatory",
        "maintain records",
    ]
    assert standard.knowledge[0].text == (
        "customers and organisations in the private, voluntary and public sectors"
    )


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("fish &amp; chips", "fish & chips"),
        ("2 < 3 and 4 > 1", "2 < 3 and 4 > 1"),
        ("<p>one</p><p>two</p>", "\n\none\n\ntwo\n\n"),
        ("<p>a<!-- no --></p>", "\n\na\n\n"),
        ("<p>a<!-- no", "\n\na"),
        ('<ol start="3"><li>c</li></ol>', "\n3. c\n"),
    ],
)
def test_markup(text, plain):
    assert to_plain(text) == plain


def test_zero_bytes_are_no_text():
    with pytest.raises(NotAStandard, match="binary"):
        read_text("Performance criteria\x00\nP1 x\nP2 y")
