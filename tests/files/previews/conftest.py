"""Files of every kind, made here, and a way to have their previews made at once."""

from collections.abc import Callable
from typing import Any

import pytest

from files import previews
from files.actions import keep_bytes
from files.models import Blob, Preview, PreviewPart
from files.previews import making
from files.store import open_blob

# A broker that other processes can reach, as the reports' tests have it.
from tests.reports.test_worker import broker  # noqa: F401


@pytest.fixture
def stored(db: None) -> Callable[[bytes, str], Blob]:
    return lambda data, media_type: keep_bytes(chunks=[data], media_type=media_type)


@pytest.fixture
def preview_of(stored: Callable[[bytes, str], Blob]) -> Callable[[bytes, str], Preview]:
    def make(data: bytes, media_type: str) -> Preview:
        preview = previews.ask(stored(data, media_type))
        making.make(preview.pk)
        preview.refresh_from_db()
        return preview

    return make


def part(preview: Preview, role: str, number: int = 1) -> PreviewPart:
    return preview.parts.select_related("blob").get(role=role, number=number)


def data_of(preview: Preview, role: str, number: int = 1) -> bytes:
    with open_blob(part(preview, role, number).blob) as file:
        return file.read()


def roles(preview: Preview) -> list[tuple[str, int]]:
    return sorted(preview.parts.values_list("role", "number"))


@pytest.fixture
def limits(settings: Any) -> Callable[..., None]:
    def set_limits(**values: int) -> None:
        settings.PREVIEW_LIMITS = {**settings.PREVIEW_LIMITS, **values}

    return set_limits
