"""The first words of what was handed in as a text: a letter, a report, a table.

They are those of the bytes that others get, which may be a copy in which something is hidden.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from files import store
from files.models import Blob, PreviewPart, PreviewStatus
from portfolio.hiding.guards import without
from reports import facts
from reports.hidden import Hidden

LONGEST = 600  # characters
LINES = 8
READ = 8 * 1024  # bytes of each text
FILES = 500  # of one portfolio
SEEN_OR_HEARD = ("image/", "video/", "audio/")

Texts = Mapping[str, Blob]  # by the SHA-256 of the file that says them


def with_beginnings(portfolio: facts.Portfolio, hidden: Hidden) -> facts.Portfolio:
    """In one query; each file once in an item, in the newest version that has it."""
    if portfolio.is_summary:
        return portfolio
    texts = _texts_of(portfolio)
    return replace(
        portfolio,
        evidence=tuple(
            _item(each, texts, hidden.words(each.number)) for each in portfolio.evidence
        ),
    )


def _texts_of(portfolio: facts.Portfolio) -> Texts:
    wanted = dict.fromkeys(file.given.sha256 for file in portfolio.files if _may_say(file))
    rows = PreviewPart.objects.filter(
        preview__blob__sha256__in=list(islice(wanted, FILES)),
        preview__status=PreviewStatus.READY,
        role=PreviewPart.Role.TEXT,
    )
    return {
        row.preview.blob.sha256: row.blob for row in rows.select_related("blob", "preview__blob")
    }


def _may_say(file: facts.File) -> bool:
    """Not while something is still to be hidden in it."""
    return file.left_out != "hiding" and not file.given.media_type.startswith(SEEN_OR_HEARD)


def _item(item: facts.Evidence, texts: Texts, words: Sequence[str]) -> facts.Evidence:
    told: set[str] = set()
    versions = []
    for version in item.versions:
        files = tuple(_file(each, texts, words, told) for each in version.files)
        versions.append(replace(version, files=files))
    return replace(item, versions=tuple(versions))


def _file(file: facts.File, texts: Texts, words: Sequence[str], told: set[str]) -> facts.File:
    sha256 = file.given.sha256
    if sha256 in told or sha256 not in texts or not _may_say(file):
        return file
    told.add(sha256)
    return replace(file, beginning=_beginning(texts[sha256], words))


def _beginning(blob: Blob, words: Sequence[str]) -> str:
    if not blob.size:
        return ""
    try:
        with store.open_blob(blob, range(min(READ, blob.size))) as source:
            text = source.read(READ).decode("utf-8", "ignore")
    except OSError:  # the text is lost, and can be made again; the file itself is there
        return ""
    return beginning(text, words, more=blob.size > READ)


def beginning(text: str, words: Iterable[str], *, more: bool) -> str:
    """Masked before it is cut; a hidden phrase that the end of what was read has cut through is
    not known as one, so as much as might be its first half is left out."""
    hidden = tuple(words)
    tidy = "\n".join(line for each in text.splitlines() if (line := " ".join(each.split())))
    masked = without(tidy, hidden)
    if more and hidden:
        masked = masked[: max(0, len(masked) - 2 * max(map(len, hidden)))]
    return _short(masked, more=more)


def _short(text: str, *, more: bool) -> str:
    lines = text.split("\n", LINES)
    kept = "\n".join(lines[:LINES])
    if len(kept) > LONGEST:
        whole = kept[: LONGEST + 1].rsplit(maxsplit=1)
        kept = whole[0] if len(whole) > 1 else kept[:LONGEST]
    return f"{kept} …" if kept and (more or kept != text) else kept
