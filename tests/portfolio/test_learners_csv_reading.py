"""How a list of learners is read, from any bytes that somebody may send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.learners_csv import MAX_BYTES, MAX_ROWS, Row, Unreadable, decode, read

HEAD = "name,email,registration number,cohort,unit,assessor email,started on\n"


def test_a_plain_list() -> None:
    table = read(HEAD + "Ann Bee,ann@example.org,R-1,Autumn,ABC1,tom@example.org,2026-09-01\n")
    assert table.rows == [
        Row(
            2,
            "Ann Bee",
            "ann@example.org",
            "R-1",
            "Autumn",
            "ABC1",
            "tom@example.org",
            "2026-09-01",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Name;E-Mail;Unit\nAnn;a@b.org;ABC1\n",
        "NAME\te-mail address\tUnit (URN)\nAnn\ta@b.org\tABC1\n",
        "\ufeffname,EMAIL,urn\r\nAnn,a@b.org,ABC1\r\n",
        'sep=;\n"Learner  Name";"E-mail";"Unit"\n"Ann";"a@b.org";"ABC1"\n',
        "unit , Email_Address , Full-Name \n ABC1 , a@b.org ,  Ann  \n",
        "\n\nname,email,unit\n\nAnn,a@b.org,ABC1\n,,\n",
    ],
)
def test_lists_as_people_write_them(text: str) -> None:
    (row,) = read(text).rows
    assert (row.name, row.email, row.unit) == ("Ann", "a@b.org", "ABC1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_survive_every_usual_encoding(encoding: str) -> None:
    text = "name,email,unit\nZoë O’Brien,z@b.org,ABC1\n"
    assert read(decode(text.encode(encoding))).rows[0].name == "Zoë O’Brien"


def test_line_numbers_are_the_files_own() -> None:
    text = 'name,email,unit\n\n"Ann\nBee",a@b.org,ABC1\nCy,c@b.org,ABC1\n'
    assert [(row.line, row.name) for row in read(text).rows] == [(3, "Ann Bee"), (5, "Cy")]


def test_short_rows_and_columns_we_do_not_know() -> None:
    table = read("name,email,shoe size,unit,cohort\nAnn,a@b.org,7,ABC1\n")
    assert table.rows[0].cohort == ""
    assert table.ignored_columns == ["shoe size"]


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://x")', "+44 1", "-1+1", "@SUM(A1)", "=cmd|' /C'"]
)
def test_a_cell_like_a_formula_stays_text(cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    assert read(f"name,email,unit\n{quoted},a@b.org,ABC1\n").rows[0].name == cell


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing in it"),
        ("\n \n", "nothing in it"),
        ("name,email,unit\n", "no learner below"),
        ("Ann,a@b.org,ABC1\n", "Missing: name, email, unit"),
        ("name,unit\nAnn,ABC1\n", "Missing: email"),
        ("name,email,e-mail,unit\nA,a,b,c\n", "Two columns"),
        ("name,email,unit\nAnn\0,a@b.org,ABC1\n", "not a CSV file"),
        ("name,email,unit\n" + "A,a@b.org,X\n" * (MAX_ROWS + 1), f"{MAX_ROWS + 1} rows"),
        ("name,email,unit\n" + "x" * 200_000, "can't be read"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert said in refused.value.messages[0]


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00\x00\x14", b"\x81\x8d\x8f", bytes(range(256))])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(decode(data))


def test_too_large_is_refused() -> None:
    with pytest.raises(Unreadable, match="too large"):
        decode(b"x" * (MAX_BYTES + 1))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        table = read(decode(data))
    except Unreadable:
        return
    assert table.rows


@given(st.text(max_size=400))
def test_any_text_below_a_good_heading_is_read_or_refused(text: str) -> None:
    try:
        table = read("name,email,unit\n" + text)
    except Unreadable:
        return
    assert all(row.line >= 2 for row in table.rows)
