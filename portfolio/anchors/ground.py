"""What the places of one version stand on: its files with their previews, and its account."""

from dataclasses import replace
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from files.models import Preview
from portfolio.anchors import texts
from portfolio.anchors.labels import clock, shortened
from portfolio.anchors.selectors import Place
from portfolio.models.evidence import EvidenceFile, EvidenceVersion

SHOWN_AS = {
    "region": {Preview.Kind.PAGES, Preview.Kind.PICTURE},
    "moment": {Preview.Kind.FILM, Preview.Kind.SOUND},
    "pages": {Preview.Kind.PAGES},
    "passage": {
        Preview.Kind.PAGES,
        Preview.Kind.TEXT,
        Preview.Kind.TABLE,
        Preview.Kind.MAIL,
    },
}
LEEWAY = 0.5  # seconds by which players and files disagree about the end


class Ground:
    def __init__(self, version: EvidenceVersion) -> None:
        self._version = version
        self._texts: dict[tuple[int, int | None], str | None] = {}

    @cached_property
    def files(self) -> dict[int, EvidenceFile]:
        rows = self._version.files.select_related("blob__preview")
        return {each.pk: each for each in rows}

    @cached_property
    def account(self) -> str:
        return texts.account_text(self._version)

    @cached_property
    def account_sha256(self) -> str:
        return texts.sha256_of(self.account)

    def sha256_of(self, file: EvidenceFile | None) -> str:
        return file.blob.sha256 if file else self.account_sha256

    def name_of(self, file: EvidenceFile | None) -> str:
        return file.name if file else _("the written account")

    def file_of(self, place: Place) -> EvidenceFile | None:
        """The file that a place is in; the same bytes under another row do as well."""
        if place.file in self.files:
            return self.files[place.file]
        twins = (each for each in self.files.values() if each.blob.sha256 == place.sha256)
        return next(twins, None)

    def namesake(self, name: str) -> EvidenceFile | None:
        """The file of this name, where there is only one."""
        named = [each for each in self.files.values() if each.name == name]
        return named[0] if len(named) == 1 else None

    def text_of(self, file: EvidenceFile | None, page: int | None) -> str | None:
        if file is None:
            return self.account
        preview = preview_of(file)
        if not (preview and preview.is_ready):
            return None
        key = (file.pk, page)
        if key not in self._texts:
            self._texts[key] = texts.text_of_preview(preview, page)
        return self._texts[key]


def preview_of(file: EvidenceFile) -> Preview | None:
    return getattr(file.blob, "preview", None)


def check(place: Place, ground: Ground) -> Place:
    """The place as it is kept, if it really is in the evidence; else why not, in plain words."""
    file = _file(place, ground)
    if place.sha256 != ground.sha256_of(file):
        raise ValidationError(
            _("The place in %(name)s was marked before it was changed. Mark it again.")
            % {"name": _quoted(ground, file)}
        )
    if place.kind == "whole":
        return place
    if file is None:
        return _in_account(place, ground)
    return _CHECKS[place.kind](place, file, _preview(place, file), ground)


def _file(place: Place, ground: Ground) -> EvidenceFile | None:
    if place.file is None:
        return None
    try:
        return ground.files[place.file]
    except KeyError:
        raise ValidationError(
            _("The file that you marked is not in this evidence any more.")
        ) from None


def _quoted(ground: Ground, file: EvidenceFile | None) -> str:
    return _("“%(words)s”") % {"words": file.name} if file else ground.name_of(None)


def _preview(place: Place, file: EvidenceFile) -> Preview:
    preview = preview_of(file)
    if preview is None or preview.status in (Preview.Status.QUEUED, Preview.Status.RUNNING):
        raise ValidationError(
            _("“%(name)s” is still being prepared. Mark the place in a minute, or say it in words.")
            % {"name": file.name}
        )
    unknown_length = place.kind == "moment" and file.blob.kind in {"video", "audio"}
    if unknown_length and not preview.is_ready:
        return preview
    if not preview.is_ready or preview.kind not in SHOWN_AS[place.kind]:
        raise ValidationError(
            _("Such a place can't be marked in “%(name)s”. Say in words where to look.")
            % {"name": file.name}
        )
    return preview


def _in_account(place: Place, ground: Ground) -> Place:
    if place.kind != "passage":
        raise ValidationError(_("In the written account only words can be marked."))
    return _quoted_words(replace(place, page=None), None, ground)


def _passage(place: Place, file: EvidenceFile, preview: Preview, ground: Ground) -> Place:
    if preview.kind != Preview.Kind.PAGES:
        return _quoted_words(replace(place, page=None), file, ground)
    if place.page is None:
        raise ValidationError(_("Say on which page the words stand."))
    _check_page(place.page, file, preview)
    return _quoted_words(place, file, ground)


def _quoted_words(place: Place, file: EvidenceFile | None, ground: Ground) -> Place:
    text = ground.text_of(file, place.page) or ""
    found = _exactly(text, place) or _only_one(text, place, ground, file)
    return replace(
        place, start=found.start, quote=found.quote, prefix=found.prefix, suffix=found.suffix
    )


def _exactly(text: str, place: Place) -> texts.Found | None:
    """Where the person's own marking says it stands; what she saw around it must agree."""
    if place.start is None:
        return None
    found = texts.at(text, place.start, place.quote or "")
    end = place.start + len(place.quote or "")
    agrees = text.endswith(place.prefix or "", 0, place.start) and text.startswith(
        place.suffix or "", end
    )
    return found if agrees else None


def _only_one(text: str, place: Place, ground: Ground, file: EvidenceFile | None) -> texts.Found:
    """Words that were typed, or marked in a text that is counted otherwise: they must stand in
    it, and which of several is meant must be clear from what was seen around them."""
    places = texts.everywhere(text, place.quote or "")
    if len(places) > 1 and (place.prefix or place.suffix):
        places = [each for each in places if _seen_around(each, place)]
    words = {"name": _quoted(ground, file), "words": shortened(place.quote or "")}
    if not places:
        raise ValidationError(_("The words “%(words)s” are not in %(name)s.") % words)
    if len(places) > 1:
        raise ValidationError(
            _("“%(words)s” stands more than once in %(name)s. Choose a few more words.") % words
        )
    return places[0]


def _seen_around(found: texts.Found, place: Place) -> bool:
    prefix, suffix = (place.prefix or "")[-texts.AROUND :], (place.suffix or "")[: texts.AROUND]
    return found.prefix.endswith(prefix) and found.suffix.startswith(suffix)


def _region(place: Place, file: EvidenceFile, preview: Preview, ground: Ground) -> Place:
    if preview.kind == Preview.Kind.PICTURE:
        return replace(place, page=None)
    if place.page is None:
        raise ValidationError(_("Say on which page the box is."))
    _check_page(place.page, file, preview)
    return place


def _pages(place: Place, file: EvidenceFile, preview: Preview, ground: Ground) -> Place:
    _check_page(place.last_page or 1, file, preview)
    return place


def _check_page(page: int, file: EvidenceFile, preview: Preview) -> None:
    pages = preview.facts.get("pages")
    if pages and page > pages:
        raise ValidationError(
            _("“%(name)s” has no page %(page)d: its last is %(pages)d.")
            % {"name": file.name, "page": page, "pages": pages}
        )


def _moment(place: Place, file: EvidenceFile, preview: Preview, ground: Ground) -> Place:
    duration = preview.facts.get("duration")
    if not duration:
        return place
    if (place.begins or 0) >= duration or (place.ends or 0) > duration + LEEWAY:
        raise ValidationError(
            _("“%(name)s” ends at %(duration)s.") % {"name": file.name, "duration": clock(duration)}
        )
    return replace(place, ends=min(place.ends or 0, round(duration, 3)))


_CHECKS = {"passage": _passage, "region": _region, "pages": _pages, "moment": _moment}
