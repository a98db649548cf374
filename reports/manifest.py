"""What an export holds, for programs: `manifest.json` inside the PDF."""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reports import facts

NAME = "manifest.json"
VERSION = 1


@dataclass(frozen=True)
class Manifest:
    attachment: facts.Attachment
    content: bytes


def of(portfolio: facts.Portfolio, *, attached: Collection[str]) -> Manifest:
    """`attached` are the names of the files that are inside; the others are lost or too large."""
    content = json.dumps(_told(portfolio, attached), ensure_ascii=False, indent=1).encode()
    return Manifest(
        facts.Attachment(
            name=NAME,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            media_type="application/json",
            relation="Data",
            description=_("What this export holds, for programs."),
            at=portfolio.exported_at,
        ),
        content,
    )


def _told(portfolio: facts.Portfolio, attached: Collection[str]) -> dict[str, Any]:
    proof, options = portfolio.proof, portfolio.options
    return {
        "manifest": VERSION,
        "export": {
            "code": proof.code if proof else "",
            "check_at": proof.url if proof else "",
            "made_at": portfolio.exported_at.isoformat(),
            "options": {
                "scope": str(options.scope),
                "feedback": options.feedback,
                "originals": options.originals,
                "shows_what_was_hidden": bool(options.unredacted),
                "paper": str(options.paper),
                "language": options.language,
            },
        },
        "centre": {"name": portfolio.centre, "number": portfolio.centre_number},
        "learner": {
            "name": portfolio.learner,
            "registration_number": portfolio.registration_number,
        },
        "editions": [_edition(unit) for unit in portfolio.units],
        "ledger": {
            "stream": portfolio.record.stream,
            "head": portfolio.record.head,
            "length": portfolio.record.length,
        },
        "files": list(_files(portfolio, attached)),
    }


def _edition(unit: facts.Unit) -> dict[str, str]:
    return {
        "urn": unit.urn,
        "title": unit.title,
        "edition": unit.edition,
        "sqa_code": unit.sqa_code,
        "state": unit.state,
    }


def _files(portfolio: facts.Portfolio, attached: Collection[str]) -> Iterator[dict[str, Any]]:
    for item in portfolio.evidence:
        for version in item.versions:
            for file in version.files:
                yield {
                    "evidence": item.number,
                    "version": version.number,
                    "name": file.name,
                    "media_type": file.media_type,
                    "size": file.size,
                    "sha256": file.sha256,
                    **_whereabouts(file, attached),
                }


def _whereabouts(file: facts.File, attached: Collection[str]) -> dict[str, Any]:
    """Inside the PDF, as what, or why not."""
    inside = file.attachment
    if inside is None:
        return {"inside": None, "left_out": file.left_out}
    if inside.name not in attached:
        return {"inside": None, "left_out": "lost"}
    return {
        "inside": {
            "name": inside.name,
            "sha256": inside.sha256,
            "size": inside.size,
            "media_type": inside.media_type,
            "relation": inside.relation,
        }
    }
