"""Markup to plain text: pasted HTML source and Markdown."""

from __future__ import annotations

import html
import re

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,10})\b([^<>]*)>|<![^<>]*>|<\?[^<>]*>")
LOOKS_LIKE_HTML = re.compile(
    r"<(?:!doctype|html|body|div|p|br|ul|ol|li|h[1-6]|table|tr|td|span|section|article)\b[^<>]*>",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,10});")
BLOCKS = frozenset(
    "p div section article header footer main h1 h2 h3 h4 h5 h6 ul ol dl dt dd table "
    "thead tbody tr blockquote pre form fieldset figure aside body html title".split()
)
NOT_SHOWN = frozenset("script style head noscript template svg nav select button".split())
MUCH_AIR = re.compile(r"[ \t]*\n[ \t]*\n\s*\n(?=[ \t]*)")
DEEPEST = 6
START = re.compile(r"""\bstart\s*=\s*["']?(\d{1,3})""", re.IGNORECASE)
LETTERED = re.compile(r"""\btype\s*=\s*["']?[aA]\b""")


def to_plain(text: str) -> str:
    """Text without HTML tags and entities; other text comes back as it is."""
    if LOOKS_LIKE_HTML.search(text):
        text = _Stripper().strip(_drop_comments(text))
    return ENTITY.sub(lambda m: html.unescape(m[0]), text) if "&" in text else text


def _drop_comments(text: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("-->", start)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join(kept) + text[at:]


class _Stripper:
    """One pass over the tags; lists get their bullets and numbers back."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.lists: list[tuple[str, int]] = []
        self.hidden: str | None = None

    def strip(self, text: str) -> str:
        at = 0
        for match in TAG.finditer(text):
            self._text(text[at : match.start()])
            if match[2]:
                self._tag(match[2].lower(), closing=bool(match[1]), attributes=match[3])
            at = match.end()
        self._text(text[at:])
        # blocks within blocks leave no more air than one empty line
        return MUCH_AIR.sub("\n\n", "".join(self.out))

    def _text(self, text: str) -> None:
        if self.hidden is None:
            # line ends inside HTML text are only spaces
            self.out.append(re.sub(r"[ \t\r\n]+", " ", text))

    def _tag(self, name: str, *, closing: bool, attributes: str) -> None:
        if self.hidden is not None:
            if closing and name == self.hidden:
                self.hidden = None
        elif name in NOT_SHOWN:
            self.hidden = None if closing or attributes.endswith("/") else name
        elif name in ("ul", "ol"):
            self._list(name, closing=closing, attributes=attributes)
        elif name == "li":
            self._item(closing=closing)
        elif name == "br":
            self.out.append("\n")
        elif name in ("td", "th"):
            self.out.append("\t" if closing else "")
        elif name in BLOCKS:
            self._block(name, closing=closing)

    def _block(self, name: str, *, closing: bool) -> None:
        # a paragraph inside a list item is the item's own text
        inside_item = bool(self.lists) and name in ("p", "div")
        gap = "" if inside_item and not closing else "\n" if name == "tr" or inside_item else "\n\n"
        self.out.append(gap)

    def _list(self, name: str, *, closing: bool, attributes: str) -> None:
        if closing:
            if self.lists:
                self.lists.pop()
            self.out.append("\n")
            return
        start = START.search(attributes)
        kind = "alpha" if name == "ol" and LETTERED.search(attributes) else name
        self.lists.append((kind, int(start[1]) if start else 1))

    def _item(self, *, closing: bool) -> None:
        if closing:
            return
        kind, number = self.lists[-1] if self.lists else ("ul", 1)
        if self.lists:
            self.lists[-1] = (kind, number + 1)
        letter = chr(ord("a") + (number - 1) % 26)
        marker = {"ol": f"{number}.", "alpha": f"{letter})"}.get(kind, "•")
        depth = min(max(len(self.lists) - 1, 0), DEEPEST)
        self.out.append("\n" + "    " * depth + marker + " ")


MD_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
MD_BOLD = re.compile(r"\*\*([^*\n]+)\*\*|(?<!\w)__([^_\n]+)__(?!\w)")
MD_ITALIC = re.compile(r"(?<![\w*])\*([^*\s][^*\n]*)\*(?![\w*])")
MD_LINK = re.compile(r"\[([^\[\]\n]+)\]\((?:[^()\s]*)\)")
MD_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|&])")
MD_QUOTE = re.compile(r"^\s{0,3}>\s?")


def plain_line(line: str) -> tuple[str, bool]:
    """A line without its Markdown, and whether the marks made it a heading."""
    heading = False
    if match := MD_HEADING.match(line):
        line, heading = match[1], True
    if ">" in line[:4]:
        line = MD_QUOTE.sub("", line)
    if "**" in line or "__" in line:
        bare = line.strip().rstrip(":")
        heading = heading or bool(MD_BOLD.fullmatch(bare))
        line = MD_BOLD.sub(lambda m: m[1] or m[2], line)
    if "*" in line:
        line = MD_ITALIC.sub(r"\1", line)
    if "](" in line:
        line = MD_LINK.sub(r"\1", line)
    if "\\" in line:
        line = MD_ESCAPE.sub(r"\1", line)
    return line, heading
