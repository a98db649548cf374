"""The original files, and the manifest that names them, inside the finished PDF (PDF/A-3)."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, StreamDecodeLevel, String

from files import store
from reports import facts, manifest
from reports.carrier import CHUNK, Carried, Carrier
from reports.limits import Limits
from reports.parts.hands import apart

__all__ = ["Limits", "NotEmbedded", "embed"]

# Mapped into memory, a file counts as the process's own, however little of it is looked at.
READ = pikepdf.AccessMode.stream

OnFile = Callable[[int, int], None]
Taken = tuple[facts.Attachment, Carried]

# Worth packing; pictures, films and office files are packed already.
LOOSE = ("text/", "message/", "application/json", "application/rtf", "application/msword")


class NotEmbedded(Exception):
    """A file in the store is not what was handed in."""

    @property
    def messages(self) -> list[str]:
        return [str(self)]


def embed(
    *,
    pdf: Path,
    portfolio: facts.Portfolio,
    rules: Limits,
    target: Path,
    on_file: OnFile = lambda _done, _many: None,
) -> None:
    """Write `pdf` to `target` with its files inside.

    Which files those are, `gather` has decided, since the pages say so; `rules` are held to once
    more, and a change meanwhile is said. A file whose bytes are lost is left out and named as
    lost, in print and in the manifest; one whose bytes have changed ends the export, which would
    give it as what was judged.
    """
    wanted = _within(portfolio.attachments, rules)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="files-") as folder:
        held = Path(folder) / "held.pdf"
        with Carrier(pdf, held) as carrier:
            taken = list(_taken(wanted, carrier, on_file))
            listed = manifest.of(portfolio, attached={each.name for each, _file in taken})
            taken.append((listed.attachment, carrier.take([listed.content], packed=True)))
        taken.sort(key=_in_the_tree)
        apart(lambda: _finish(held, taken, target))


def _finish(held: Path, taken: list[Taken], target: Path) -> None:
    """Saved as it is: whatever is worth packing is packed, and no file is read into memory."""
    with pikepdf.open(held, access_mode=READ) as opened:
        _attach(opened, taken)
        opened.save(
            target,
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.preserve,
            deterministic_id=True,
        )


def _within(wanted: Iterable[facts.Attachment], rules: Limits) -> list[facts.Attachment]:
    kept = list(wanted)
    too_large = any(each.size > rules.file_bytes for each in kept)
    if too_large or sum(each.size for each in kept) > rules.all_bytes:
        raise NotEmbedded(
            _("The centre's limit for files in an export has just changed. Try again.")
        )
    return kept


def _taken(wanted: list[facts.Attachment], carrier: Carrier, on_file: OnFile) -> Iterator[Taken]:
    for done, each in enumerate(wanted):
        on_file(done, len(wanted))
        if not store.has(each.sha256):
            continue
        carried = carrier.take(_chunks(each), packed=each.media_type.startswith(LOOSE))
        if (carried.sha256, carried.size) != (each.sha256, each.size):
            raise NotEmbedded(
                _(
                    "“%(name)s” in the store is damaged: its bytes are not those that were "
                    "submitted. Restore it from a backup, then export again."
                )
                % {"name": each.name}
            )
        yield each, carried
    on_file(len(wanted), len(wanted))


def _chunks(each: facts.Attachment) -> Iterator[bytes]:
    with store.local_bytes(each.sha256) as path, path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _in_the_tree(taken: Taken) -> bytes:
    """A PDF's names stand in the order of their bytes, which letters beyond Latin change."""
    return bytes(String(taken[0].name))


def _attach(pdf: pikepdf.Pdf, taken: list[Taken]) -> None:
    names, associated = Array(), Array()
    for each, carried in taken:
        specification = pdf.make_indirect(_specification(pdf, each, carried))
        names.append(String(each.name))
        names.append(specification)
        associated.append(specification)
    held = pdf.Root.get("/Names", Dictionary())
    held.EmbeddedFiles = pdf.make_indirect(Dictionary(Names=names))
    pdf.Root.Names = held
    pdf.Root.AF = pdf.make_indirect(associated)


def _specification(pdf: pikepdf.Pdf, each: facts.Attachment, carried: Carried) -> Dictionary:
    stream = pdf.get_object(carried.number, 0)
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/" + each.media_type)
    stream.Params = Dictionary(
        Size=carried.size,
        ModDate=String(_pdf_date(each.at)),
    )
    return Dictionary(
        Type=Name.Filespec,
        F=String(each.name),
        UF=String(each.name),
        Desc=String(f"{each.description} SHA-256: {each.sha256}"),
        AFRelationship=Name("/" + each.relation),
        EF=Dictionary(F=stream, UF=stream),
    )


def _pdf_date(at: datetime) -> str:
    return f"{at.astimezone(UTC):D:%Y%m%d%H%M%SZ}"
