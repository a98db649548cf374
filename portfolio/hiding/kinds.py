"""How something can be hidden in a file of one type, and what its copy is."""

from enum import StrEnum

from files import kinds
from files.models import Blob

DOCX, XLSX = kinds.DOCX.types["docx"], kinds.XLSX.types["xlsx"]
MAIL = "message/rfc822"
PLAIN = "text/plain"


class Way(StrEnum):
    PICTURE = "picture"
    PAGES = "pages"
    RECORDING = "recording"
    WORDS = "words"


# Kinds of which the copy keeps only the words.
ONLY_WORDS = (DOCX, XLSX, MAIL)


def way_of(blob: Blob) -> Way | None:
    if blob.media_type == "application/pdf":
        return Way.PAGES
    if blob.media_type in ONLY_WORDS:
        return Way.WORDS
    families = {
        "image": Way.PICTURE,
        "video": Way.RECORDING,
        "audio": Way.RECORDING,
        "text": Way.WORDS,
    }
    return families.get(blob.kind)


def type_of_text_copy(blob: Blob) -> str:
    """Captions stay captions; of a letter or a workbook only the words are left."""
    return blob.media_type if blob.kind == "text" else PLAIN
