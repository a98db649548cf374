"""Words of a text, hidden for good."""

import re
from collections.abc import Iterable, Iterator, Sequence

# As long whatever it hides, since how long a name is can tell whose it is.
BLOCK = "█████"
Span = tuple[int, int]
# Between the words of a phrase: white space, and the stars that make words bold.
BETWEEN = r"[\s*_\\]+"


def spans_of(text: str, phrases: Iterable[str]) -> list[Span]:
    """Wherever the phrases stand, in capitals or not, as whole words where they do so at all."""
    found = [span for phrase in phrases for span in _places(text, phrase)]
    return merged(found)


def _places(text: str, phrase: str) -> Iterator[Span]:
    words = [re.escape(word) for word in phrase.split()]
    if not words:
        return
    core = BETWEEN.join(words)
    whole = re.compile(rf"(?<!\w){core}(?!\w)", re.IGNORECASE)
    pattern = whole if whole.search(text) else re.compile(core, re.IGNORECASE)
    for match in pattern.finditer(text):
        yield match.span()


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, those that touch as one."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def masked(text: str, spans: Sequence[Span]) -> str:
    pieces, at = [], 0
    for start, end in merged(spans):
        pieces += [text[at:start], BLOCK]
        at = end
    return "".join([*pieces, text[at:]])


def quotes(text: str, spans: Iterable[Span]) -> list[str]:
    """What is hidden, each once, so that it can be hidden elsewhere too."""
    return list(dict.fromkeys(text[start:end] for start, end in merged(spans)))
