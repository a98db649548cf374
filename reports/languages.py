"""The languages that a PDF's labels can be in: those for which this Signpost has a translation."""

from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise


def installed() -> list[tuple[str, str | Promise]]:
    return [(code, name) for code, name in settings.LANGUAGES if _has(code)]


def _has(code: str) -> bool:
    if code == settings.LANGUAGE_CODE:  # the words in the source
        return True
    compiled = Path(code.replace("-", "_"), "LC_MESSAGES", "django.mo")
    return any(Path(place, compiled).is_file() for place in settings.LOCALE_PATHS)
