"""PDF, text, Word, spreadsheets and e-mail."""

from files import previews
from tests.files.previews.conftest import data_of


def test_text(preview_of):
    preview = preview_of("Grüße\r\nzwei\rdrei".encode("cp1252"), "text/plain")
    assert (preview.kind, preview.status) == ("text", "ready")
    assert data_of(preview, "text").decode() == "Grüße\nzwei\ndrei"
    assert previews.text_of(preview.blob) == "Grüße\nzwei\ndrei"
