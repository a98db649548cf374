"""One file, or a written account, as its viewer shows it."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from files.models import Preview, PreviewPart, PreviewStatus
from files.serving import shows_inline
from portfolio.anchors.texts import account_text, sha256_of
from portfolio.models import Anchor, EvidenceFile, EvidenceVersion
from portfolio.viewing.contents import (
    BETWEEN_SHEETS,
    Sheet,
    json_in,
    sheet_of,
    tables_in,
    text_in,
    wave_path,
)
from portfolio.viewing.loading import captions_among, preview_of
from portfolio.viewing.marks import (
    Box,
    boxes_on,
    marked_html,
    marked_text,
    spans_in,
)

Role = PreviewPart.Role
Kind = Preview.Kind

# What every browser shows or plays by itself, so that nobody waits for a copy of it.
PLAIN_PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp"}
PLAIN_RECORDINGS = {"video/mp4", "video/webm", "audio/mpeg", "audio/mp4", "audio/aac", "audio/wav"}

SPEEDS = [(value, f"{value}×") for value in ("0.5", "0.75", "1", "1.25", "1.5", "2")]

# Parts that are worth showing while the rest is still made.
BEGINNINGS = (Role.PAGE, Role.PICTURE, Role.POSTER, Role.PLAYABLE)

# How much of a long text or table stands among other things, and on a page of its own.
BESIDE_OTHERS = {"characters": 40_000, "rows": 100, "columns": 40}
BY_ITSELF = {"characters": 2_000_000, "rows": 2_000, "columns": 200}


@dataclass(frozen=True)
class ShownPage:
    number: int
    part: PreviewPart | None
    has_words: bool
    boxes: list[Box]

    @property
    def codes(self) -> list[str]:
        return list(dict.fromkeys(box.code for box in self.boxes))


@dataclass(frozen=True)
class Attachment:
    part: PreviewPart
    opens: bool


@dataclass(frozen=True)
class Moment:
    """A marked stretch of a recording, and where it lies on a strip 100 wide."""

    anchor: Anchor
    left: str
    width: str

    @property
    def code(self) -> str:
        return self.anchor.claim.criterion.code


class Marked:
    """What files and accounts have in common."""

    anchors: Sequence[Anchor]

    @property
    def on_all_of_it(self) -> list[str]:
        whole = (each for each in self.anchors if each.kind == Anchor.Kind.WHOLE)
        return list(dict.fromkeys(each.claim.criterion.code for each in whole))


class Shown(Marked):
    def __init__(
        self,
        file: EvidenceFile,
        anchors: Iterable[Anchor] = (),
        among: Iterable[EvidenceFile] = (),
        *,
        large: bool = False,
    ) -> None:
        self.file = file
        self.among = among
        self.large = large
        self.preview = preview_of(file)
        self.anchors = [
            each for each in anchors if each.file_id == file.pk and each.sha256 == file.blob.sha256
        ]
        self.limits = BY_ITSELF if large else BESIDE_OTHERS

    @cached_property
    def parts(self) -> dict[str, dict[int, PreviewPart]]:
        parts: dict[str, dict[int, PreviewPart]] = {}
        for part in self.preview.parts.all() if self.preview else ():
            parts.setdefault(part.role, {})[part.number] = part
        return parts

    def part(self, role: str, number: int = 1) -> PreviewPart | None:
        return self.parts.get(role, {}).get(number)

    @property
    def state(self) -> str:
        """unasked, preparing, ready or none: which of them the page is about."""
        if self.preview is None:
            return "unasked"
        if self.preview.status == PreviewStatus.READY and self.preview.kind != Kind.NOTHING:
            return "ready"
        if self.preview.status in (PreviewStatus.QUEUED, PreviewStatus.RUNNING):
            return "preparing"
        return "none"

    @property
    def stage(self) -> str:
        """Changes when there is more to see than before."""
        return f"{self.state}-{self.kind}"

    @property
    def kind(self) -> str:
        """What can be seen: also the beginning of what is still being made."""
        if self.preview is None or not self._has_beginning:
            return Kind.NOTHING
        return self.preview.kind

    @property
    def _has_beginning(self) -> bool:
        return self.state == "ready" or (
            self.state == "preparing" and any(role in self.parts for role in BEGINNINGS)
        )

    @property
    def progress(self) -> int | None:
        """Percent of the work that is done, where it is known."""
        return self.facts.get("progress")

    @property
    def template(self) -> str:
        name = self.state if self.kind == Kind.NOTHING else self.kind
        return f"portfolio/viewers/_{name}.html"

    @property
    def plays(self) -> bool:
        """Whether browsers can play the recording, or the copy that was made of it."""
        otherwise = "original" if self.state == "ready" else "no"
        return self.playable is not None or self.facts.get("plays", otherwise) == "original"

    @property
    def plain(self) -> str:
        """What the browser can show while the preview is made: image, audio, video or nothing."""
        shown = self.file.blob.shown
        if shown.media_type in PLAIN_PICTURES | PLAIN_RECORDINGS:
            return shown.kind
        return ""

    @property
    def facts(self) -> dict[str, Any]:
        return self.preview.facts if self.preview else {}

    # ------------------------------------------------------------------ pages and pictures

    @cached_property
    def pages(self) -> list[ShownPage]:
        return [
            ShownPage(number, part, bool(self.part(Role.WORDS, number)), self._boxes(number))
            for number, part in sorted(self.parts.get(Role.PAGE, {}).items())
        ]

    @property
    def pages_left(self) -> int:
        """How many pages the document has beyond those that are shown."""
        return max(0, int(self.facts.get("pages") or 0) - len(self.pages))

    @cached_property
    def picture(self) -> ShownPage:
        return ShownPage(1, self.part(Role.PICTURE), has_words=False, boxes=self._boxes(1))

    def _boxes(self, number: int) -> list[Box]:
        passages = any(
            each.kind == Anchor.Kind.PASSAGE and each.page == number for each in self.anchors
        )
        words = self.part(Role.WORDS, number) if passages else None
        return boxes_on(number, self.anchors, json_in(words.blob) if words else None)

    # ------------------------------------------------------------------ film and sound

    speeds = SPEEDS

    @property
    def playable(self) -> PreviewPart | None:
        return self.part(Role.PLAYABLE)

    @property
    def poster(self) -> PreviewPart | None:
        return self.part(Role.POSTER)

    @property
    def duration(self) -> float:
        return float(self.facts.get("duration") or 0)

    @property
    def frame_rate(self) -> float:
        return float(self.facts.get("fps") or 25)

    @cached_property
    def wave(self) -> str:
        part = self.part(Role.WAVEFORM)
        return wave_path(json_in(part.blob) or []) if part else ""

    @cached_property
    def captions(self) -> list[EvidenceFile]:
        return captions_among(self.file, self.among)

    @cached_property
    def moments(self) -> list[Moment]:
        timed = [each for each in self.anchors if each.kind == Anchor.Kind.MOMENT]
        return [self._moment(each) for each in sorted(timed, key=lambda each: each.begins or 0)]

    def _moment(self, anchor: Anchor) -> Moment:
        begins, ends = anchor.begins or 0, anchor.ends or anchor.begins or 0
        whole = self.duration or ends or 1
        width = max(0.5, (ends - begins) / whole * 100)
        return Moment(anchor, f"{begins / whole * 100:.2f}", f"{width:.2f}")

    # ------------------------------------------------------------------ text, table, e-mail

    @property
    def sent(self) -> datetime.datetime | str:
        """When an e-mail was sent, or the words of a date that makes no sense."""
        words = str(self.facts.get("date") or "")
        try:
            return parsedate_to_datetime(words)
        except ValueError:
            return words

    @cached_property
    def _text(self) -> str:
        part = self.part(Role.TEXT)
        return text_in(part.blob) if part else ""

    @property
    def text(self) -> SafeString:
        beginning = self._text[: self.limits["characters"]]
        return marked_text(beginning, spans_in(self._text, self.anchors))

    @property
    def text_is_cut(self) -> bool:
        return len(self._text) > self.limits["characters"]

    @cached_property
    def sheets(self) -> list[Sheet]:
        sheets = sorted(self.parts.get(Role.SHEET, {}).items())
        tables = list(tables_in((number, part.name, part.blob) for number, part in sheets))
        spans = []
        if any(each.kind == Anchor.Kind.PASSAGE for each in self.anchors):
            spans = spans_in(BETWEEN_SHEETS.join(each.text for each in tables), self.anchors)
        return [
            sheet_of(
                each,
                spans,
                most_rows=self.limits["rows"],
                most_columns=self.limits["columns"],
            )
            for each in tables
        ]

    # ------------------------------------------------------------- places beyond what is shown

    @property
    def goes_on(self) -> bool:
        """Whether a page of its own shows more of it."""
        return not self.large and self.kind in (Kind.TEXT, Kind.MAIL, Kind.TABLE)

    @property
    def further(self) -> list[Anchor]:
        """What is marked in it where nothing of it is shown."""
        if self.state != "ready":
            return []
        is_further = {
            Kind.PAGES: self._is_on_a_later_page,
            Kind.TEXT: self._is_in_later_words,
            Kind.MAIL: self._is_in_later_words,
            Kind.TABLE: self._is_in_later_cells,
        }.get(Kind(self.kind))
        return [each for each in self.anchors if is_further and is_further(each)]

    def _is_on_a_later_page(self, anchor: Anchor) -> bool:
        return (anchor.page or 0) > len(self.pages)

    def _is_in_later_words(self, anchor: Anchor) -> bool:
        ends = (anchor.start or 0) + len(anchor.quote)
        return anchor.kind == Anchor.Kind.PASSAGE and ends > self.limits["characters"]

    def _is_in_later_cells(self, anchor: Anchor) -> bool:
        rows = (row for sheet in self.sheets for row in sheet.rows)
        return anchor.kind == Anchor.Kind.PASSAGE and not any(
            row.at <= (anchor.start or 0) < row.to for row in rows
        )

    @cached_property
    def attachments(self) -> list[Attachment]:
        parts = sorted(self.parts.get(Role.ATTACHMENT, {}).items())
        return [Attachment(part, shows_inline(part.blob.media_type)) for _number, part in parts]


class ShownAccount(Marked):
    def __init__(self, version: EvidenceVersion, anchors: Iterable[Anchor] = ()) -> None:
        self.version = version
        self.text = account_text(version)
        self.sha256 = sha256_of(self.text)
        self.anchors = [
            each for each in anchors if each.file_id is None and each.sha256 == self.sha256
        ]

    @property
    def html(self) -> SafeString:
        return marked_html(self.version.account_html, spans_in(self.text, self.anchors))
