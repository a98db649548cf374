"""Which files go into the PDF beside its pages, and what they are called there."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from files.checks import name_for
from reports import facts
from reports.limits import Limits
from reports.manifest import NAME as MANIFEST

FILM = "video/"
LONGEST = 80  # characters of a file's own name

# Whatever a file system, a shell or a reader's eye could take for something else.
UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>:"/\\|?*]+')


def attach(portfolio: facts.Portfolio, limits: Limits) -> facts.Portfolio:
    """Every file either goes inside or says why it does not. The first to come go inside: by
    the evidence's number, the newest version first."""
    chosen = _Choice(portfolio, limits)
    return replace(
        portfolio,
        evidence=tuple(
            replace(
                item,
                versions=tuple(
                    replace(
                        version,
                        files=tuple(chosen.decide(item, version, file) for file in version.files),
                    )
                    for version in item.versions
                ),
            )
            for item in portfolio.evidence
        ),
    )


class _Choice:
    def __init__(self, portfolio: facts.Portfolio, limits: Limits) -> None:
        self.wanted = portfolio.options.originals and not portfolio.is_summary
        self.limits = limits
        self.left = limits.all_bytes
        self.inside: dict[str, facts.Attachment] = {}  # by the bytes' SHA-256
        self.names = {MANIFEST}

    def decide(self, item: facts.Evidence, version: facts.Version, file: facts.File) -> facts.File:
        if file.left_out:
            return file
        if not self.wanted:
            return replace(file, left_out="choice")
        if known := self.inside.get(file.given.sha256):
            return replace(file, attachment=known)
        if file.given.media_type.startswith(FILM):
            return replace(file, left_out="film")
        if file.given.size > min(self.limits.file_bytes, self.left):
            return replace(file, left_out="size")
        return replace(file, attachment=self._taken(item, version, file))

    def _taken(
        self, item: facts.Evidence, version: facts.Version, file: facts.File
    ) -> facts.Attachment:
        made = facts.Attachment(
            name=self._name(f"{item.number:03}-{version.number} {safe(_called(file))}"),
            sha256=file.given.sha256,
            size=file.given.size,
            media_type=file.given.media_type,
            relation="Source" if file.is_as_submitted else "Supplement",
            description=_described(item, version, file),
            at=version.submitted_at,
        )
        self.inside[made.sha256] = made
        self.left -= made.size
        return made

    def _name(self, wanted: str) -> str:
        name = next(name for name in _spellings(wanted) if name.casefold() not in self.names)
        self.names.add(name.casefold())
        return name


def _spellings(name: str) -> Iterator[str]:
    """The name itself, then with a number before its ending."""
    yield name
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if stem else (name, "")
    number = 1
    while True:
        number += 1
        yield f"{stem} ({number}){ending}"


def safe(name: str) -> str:
    """A name that every computer can save; its ending stays."""
    clean = UNSAFE.sub("-", unicodedata.normalize("NFC", name)).strip(" .") or "file"
    if len(clean) <= LONGEST:
        return clean
    stem, dot, ending = clean.rpartition(".")
    ending = (dot + ending)[:12] if stem else ""
    return clean[: LONGEST - len(ending)].rstrip(" .") + ending


def _called(file: facts.File) -> str:
    """A copy may be of another type than what was handed in."""
    return name_for(file.name, file.given.media_type)


def _described(item: facts.Evidence, version: facts.Version, file: facts.File) -> str:
    what = {
        "number": item.number,
        "version": version.number,
        "name": file.name,
    }
    if file.is_copy:
        return (
            _(
                "Evidence %(number)s, version %(version)s: %(name)s, the copy in which something "
                "is hidden."
            )
            % what
        )
    if not file.is_as_submitted:
        return (
            _(
                "Evidence %(number)s, version %(version)s: %(name)s, the copy without the place "
                "and camera."
            )
            % what
        )
    return _("Evidence %(number)s, version %(version)s: %(name)s, as it was submitted.") % what
