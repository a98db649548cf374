"""An account's HTML: what may be in it, and that nothing else ever is."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.account import render

ALLOWED = {"p", "br", "ul", "ol", "li", "strong", "em"}


class Elements(HTMLParser):
    """Every element with its attributes, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_harmless(html: str) -> None:
    for tag, attributes in Elements(html).found:
        assert tag in ALLOWED
        for name, value in attributes:
            assert (tag, name) == ("ol", "start")
            assert value is not None
            assert value.isdecimal()


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("One\n\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("One\nTwo", "<p>One<br>\nTwo</p>"),
        ("**b** and *i*", "<p><strong>b</strong> and <em>i</em></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("# Not a heading", "<p># Not a heading</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("https://example.org", "<p>https://example.org</p>"),
        ("[a](https://example.org)", "<p>[a](https://example.org)</p>"),
        ("   ", ""),
    ],
)
def test_the_part_of_markdown_that_counts(typed: str, html: str) -> None:
    assert render(typed) == html


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<p onclick='alert(1)'>x</p>",
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "<svg/onload=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "<a href='java&#115;cript:alert(1)'>x</a>",
    "&lt;script&gt;",
    "- <iframe srcdoc='<script>x</script>'>",
    "**<b onmouseover=alert(1)>**",
    "</p><form action=//evil.example><button>Sign in again</button></form>",
    "<style>body{display:none}</style>",
    '1"onmouseover="x. a',
    "\x00<scr\x00ipt>",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_text_is_only_text(typed: str) -> None:
    assert_harmless(render(typed))


def test_html_is_shown_as_it_was_typed() -> None:
    assert Elements(render("<b>x</b>")).text == "<b>x</b>"


@given(
    st.lists(
        st.one_of(
            st.sampled_from([*HOSTILE, "\n", "\n\n", "- ", "1. ", "*", "**", "\\", "`", "    "]),
            st.text(max_size=12),
        ),
        max_size=14,
    ).map("".join)
)
def test_no_text_ever_becomes_anything_else(typed: str) -> None:
    assert_harmless(render(typed))
