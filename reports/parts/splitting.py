"""One document's HTML, taken apart where the templates say that a part ends.

Part after part is the whole again, so that both are laid out alike: each part begins on a page
of its own in the whole as well.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.pdf import ELSEWHERE

CUT = "<!--part-->"
# Only when the document is laid out in one go does it bring these itself: what they say depends
# on the whole, or is read once for all parts.
IN_ONE_GO = re.compile(
    r"<link [^>]*data-in-one-go[^>]*>|<p class=\"running-date\".*?</p>", re.DOTALL
)
BODY = re.compile(r"<body>\s*(.*?)(?=<section)", re.DOTALL)

ID = re.compile(r'\sid="([^"]+)"')
LINK = re.compile(r'href="#([^"]+)"')
ROW = re.compile(r"<(?:li|tr)\b")
LINK_ANYWHERE = re.compile(f'href="(?:#|{ELSEWHERE})([^"]+)"')
PICTURE = re.compile(r'"signpost:picture/([0-9a-f]{64})"')

SMALL = 16_000  # characters of HTML; neighbours are printed together up to this size


@dataclass(frozen=True)
class Part:
    """A run of whole pages: everything that its PDF is made from, but the pictures' bytes."""

    html: str

    @property
    def pictures(self) -> frozenset[str]:
        return frozenset(PICTURE.findall(self.html))


@dataclass(frozen=True)
class Split:
    """The cover, which is new with every export; the lists, which tell the pages of what follows
    and so are printed last; and the rest."""

    cover: Part
    lists: Part
    parts: tuple[Part, ...]

    def sections_of_lists(self) -> Iterator[tuple[str, int]]:
        """The name of each, which begins on a page of its own, and how many rows it has."""
        for section in self.lists.html.split("<section ")[1:]:
            if name := ID.search(f" {section}"):
                yield name[1], len(ROW.findall(section))

    def lists_with(self, pages: Mapping[str, int]) -> Part:
        """With the page of each place."""

        def told(link: re.Match[str]) -> str:
            return f'{link[0]} data-page="{pages[link[1]]}"'

        return Part(LINK_ANYWHERE.sub(told, self.lists.html))


def split(html: str) -> Split:
    html = IN_ONE_GO.sub("", html)
    start = BODY.search(html)
    if start is None:
        raise ValueError("The document has no sections.")
    head, tail = html[: start.end()], "</body></html>"
    cover, lists, *rest = html[start.end() : html.rindex("</body>")].split(CUT)
    return Split(
        cover=_alone(head + cover + tail),
        lists=_alone(head + lists + tail),
        parts=tuple(_alone(head + each + tail) for each in _neighbours(rest)),
    )


def _alone(html: str) -> Part:
    """Its links into other parts are written so that joining finds them."""
    here = frozenset(ID.findall(html))
    return Part(
        LINK.sub(lambda link: link[0] if link[1] in here else f'href="{ELSEWHERE}{link[1]}"', html)
    )


def _neighbours(pieces: list[str]) -> list[str]:
    """What is small goes with what comes before it: every part costs a little to join."""
    joined: list[str] = []
    for piece in pieces:
        if joined and len(joined[-1]) + len(piece) <= SMALL:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined
