"""The register that a bundle holds: no database, and no word taken that can be worked out."""

import json
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509

from ledger.chain import canonical, first_break
from reports.proof.answers import Export, RecordBroken
from reports.proof.bundle import CERTIFICATES, INDEX, LEDGER, VERSION

Entry = dict[str, Any]
BEFORE: Entry = {
    "scope": "whole",
    "units": [],
    "feedback": True,
    "shows_hidden": False,
    "language": "en-gb",
}
LARGEST = 1 << 30  # bytes, unpacked
# One that is locked, packed in a way unknown here, or cut off.
OF_A_BAD_ZIP = (RuntimeError, zlib.error, EOFError)


class NoBundle(Exception):
    """It is no bundle, or is damaged; the sentence says how."""


@dataclass(frozen=True)
class Bundle:
    streams: dict[str, list[Entry]]
    heads: dict[str, tuple[int, str]]
    certificates: frozenset[str]

    def export_of(self, sha256: str) -> Export | None:
        for name, entries in self.streams.items():
            for made in _told(entries, "report_made"):
                if made["facts"]["sha256"] == sha256:
                    self._require_whole(name, made)
                    return self._export(entries, made)
        return None

    def knows(self, *, codes: Collection[str], certificates: Collection[str]) -> bool:
        given = {
            made["facts"].get("code")
            for entries in self.streams.values()
            for made in _told(entries, "report_made")
        }
        return not given.isdisjoint(codes) or not self.certificates.isdisjoint(certificates)

    def _require_whole(self, name: str, made: Entry) -> None:
        entries = self.streams[name]
        ends = (len(entries), entries[-1]["hash"])
        if first_break(entries) or ends != self.heads.get(name):
            raise RecordBroken
        length, head = made["facts"]["covers_length"], made["facts"]["covers_head"]
        if length and (length >= made["sequence"] or entries[length - 1]["hash"] != head):
            raise RecordBroken
        certificate = made["facts"].get("certificate", "")
        if certificate and certificate not in self.certificates:
            raise RecordBroken

    def _export(self, entries: list[Entry], made: Entry) -> Export:
        facts = made["facts"]
        withdrawn = {each["subject"]: each["at"] for each in _told(entries, "report_withdrawn")}
        at = withdrawn.get(made["subject"])
        return Export(
            code=facts.get("code", ""),
            sha256=facts["sha256"],
            certificate=facts.get("certificate", ""),
            made_at=datetime.fromisoformat(made["at"]),
            pages=facts["pages"],
            withdrawn_at=datetime.fromisoformat(at) if at else None,
            has_newer=any(
                later["sequence"] > made["sequence"]
                and later["subject"] not in withdrawn
                and _series(later) == _series(made)
                for later in _told(entries, "report_made")
            ),
            centre=facts.get("centre", ""),
        )


def _told(entries: list[Entry], verb: str) -> Iterator[Entry]:
    return (each for each in entries if each["verb"] == verb)


def _series(made: Entry) -> Entry:
    """As `reports.models.Report.series`; older entries lack some of it."""
    return {name: made["facts"].get(name, before) for name, before in BEFORE.items()}


def opened(place: Path) -> Bundle:
    """From a folder or a ZIP file; raises NoBundle."""
    try:
        held = _from_folder(place) if place.is_dir() else _from_zip(place)
        return _read(held)
    except OSError as error:
        raise NoBundle(f"The bundle cannot be read: {error}.") from error
    except zipfile.BadZipFile as error:
        raise NoBundle("The bundle is neither a folder nor a ZIP file.") from error
    except (KeyError, TypeError, ValueError, AttributeError, *OF_A_BAD_ZIP) as error:
        raise NoBundle("The bundle is damaged, or is something else.") from error


def _from_folder(place: Path) -> dict[str, bytes]:
    return {
        file.relative_to(place).as_posix(): file.read_bytes()
        for file in place.rglob("*")
        if file.is_file() and _is_ours(file.relative_to(place).as_posix())
    }


def _from_zip(place: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(place) as packed:
        ours = [each for each in packed.infolist() if _is_ours(each.filename)]
        if sum(each.file_size for each in ours) > LARGEST:
            raise ValueError("too large")
        return {each.filename: packed.read(each) for each in ours}


def _is_ours(name: str) -> bool:
    return name in (INDEX, LEDGER) or name.startswith(f"{CERTIFICATES}/")


def _read(held: dict[str, bytes]) -> Bundle:
    index = json.loads(held[INDEX])
    if index["bundle"] != VERSION:
        raise ValueError(index["bundle"])
    streams: dict[str, list[Entry]] = defaultdict(list)
    for line in held[LEDGER].splitlines():
        entry = _entry(line)
        streams[entry["stream"]].append(entry)
    return Bundle(
        streams=dict(streams),
        heads={name: (it["length"], it["head"]) for name, it in index["streams"].items()},
        certificates=frozenset(
            _fingerprint(content)
            for name, content in held.items()
            if name.startswith(f"{CERTIFICATES}/")
        ),
    )


def _entry(line: bytes) -> Entry:
    """Whole, so that nothing is missing when somebody asks."""
    entry: Entry = json.loads(line)
    canonical(entry)
    datetime.fromisoformat(entry["at"])
    facts, numbers, texts = entry["facts"], [entry["sequence"]], [entry["hash"], entry["subject"]]
    if entry["verb"] == "report_made":
        numbers += [facts["pages"], facts["covers_length"]]
        texts += [facts["sha256"], facts["covers_head"]]
        texts += [facts.get("code", ""), facts.get("certificate", "")]
        tuple(facts.get("units", ()))
    if not all(isinstance(each, int) and each >= 0 for each in numbers):
        raise ValueError(numbers)
    if not all(isinstance(each, str) for each in texts):
        raise ValueError(texts)
    return entry


def _fingerprint(content: bytes) -> str:
    _type, _headers, der = pem.unarmor(content)
    return str(x509.Certificate.load(der).sha256.hex())
