"""The original files, and the manifest that names them, inside the finished PDF (PDF/A-3)."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, StreamDecodeLevel, String

from files import store
from reports import facts, manifest
from reports.carrier import CHUNK, Carried, Carrier
from reports.limits import Limits

__all__ = ["Limits", "NotEmbedded", "embed"]

OnFile = Callable[[int, int], None]

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
    more. A file whose bytes are lost is left out and named as lost, in print and in the manifest;
    one whose bytes have changed ends the export, which would give it as what was judged.
    """
    wanted = _within(portfolio.attachments, rules)
    with (
        tempfile.TemporaryDirectory(dir=target.parent, prefix="files-") as folder,
        ExitStack() as open_,
    ):
        held = Path(folder) / "files.pdf"
        with Carrier(held) as carrier:
            taken = list(_taken(wanted, carrier, on_file))
            listed = manifest.of(portfolio, attached={each.name for each, _file in taken})
            taken.append((listed.attachment, carrier.take([listed.content], packed=True)))
        opened = open_.enter_context(pikepdf.open(pdf))
        files = open_.enter_context(pikepdf.open(held))
        _attach(opened, files, sorted(taken, key=lambda each: each[0].name))
        opened.save(
            target,
            # As they are: whatever is worth packing is packed, and nothing is read into memory.
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.preserve,
            deterministic_id=True,
        )


def _within(wanted: Iterable[facts.Attachment], rules: Limits) -> list[facts.Attachment]:
    kept = [each for each in wanted if each.size <= rules.file_bytes]
    if sum(each.size for each in kept) > rules.all_bytes:
        raise NotEmbedded(
            _("The centre's limit for files in an export has just changed. Try again.")
        )
    return kept


Taken = tuple[facts.Attachment, Carried]


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
                    "handed in. Restore it from a backup, then export again."
                )
                % {"name": each.name}
            )
        yield each, carried
    on_file(len(wanted), len(wanted))


def _chunks(each: facts.Attachment) -> Iterator[bytes]:
    with store.local_bytes(each.sha256) as path, path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _attach(pdf: pikepdf.Pdf, files: pikepdf.Pdf, taken: list[Taken]) -> None:
    names, associated = Array(), Array()
    for each, carried in taken:
        specification = pdf.make_indirect(_specification(pdf, files, each, carried))
        names.append(String(each.name))
        names.append(specification)
        associated.append(specification)
    held = pdf.Root.get("/Names", Dictionary())
    held.EmbeddedFiles = pdf.make_indirect(Dictionary(Names=names))
    pdf.Root.Names = held
    pdf.Root.AF = pdf.make_indirect(associated)


def _specification(
    pdf: pikepdf.Pdf, files: pikepdf.Pdf, each: facts.Attachment, carried: Carried
) -> Dictionary:
    stream = pdf.copy_foreign(files.get_object(carried.number, 0))
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/" + each.media_type)
    stream.Params = Dictionary(
        Size=carried.size,
        CheckSum=String(carried.md5),
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
