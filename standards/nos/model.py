"""What a published standard says, once it has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class NotAStandard(ValueError):
    """The text is no standard; the message is one plain sentence for a person."""


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    text: str
    group: str | None = None
    subitems: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "text": self.text,
            "group": self.group,
            "subitems": list(self.subitems),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Criterion:
        return cls(data["code"], data["text"], data.get("group"), tuple(data.get("subitems", ())))


@dataclass(frozen=True, slots=True)
class AssessmentCriterion:
    """One "the learner can" line of a qualification unit."""

    code: str
    text: str
    outcome: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "text": self.text, "outcome": self.outcome}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> AssessmentCriterion:
        return cls(data["code"], data["text"], data.get("outcome"))


@dataclass(frozen=True, slots=True)
class Metadata:
    """Facts about the edition; None where the source does not print them."""

    version: str | None = None
    approved_on: str | None = None
    review_on: str | None = None
    suites: tuple[str, ...] = ()
    developed_by: str | None = None
    originating_organisation: str | None = None
    original_urn: str | None = None
    validity: str | None = None
    status: str | None = None
    relevant_occupations: str | None = None
    soc_code: str | None = None
    keywords: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in self.__slots__}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Metadata:
        known: dict[str, Any] = {name: data[name] for name in cls.__slots__ if name in data}
        known.update({k: tuple(v) for k, v in known.items() if isinstance(v, list)})
        return cls(**known)


LISTS_OF_TEXT = ("concepts", "tips", "misconceptions", "marking_points", "missing", "warnings")


@dataclass(frozen=True)
class ParsedStandard:
    urn: str | None = None
    title: str | None = None
    sqa_code: str | None = None
    performance: tuple[Criterion, ...] = ()
    knowledge: tuple[Criterion, ...] = ()
    assessment_criteria: tuple[AssessmentCriterion, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict, hash=False)
    metadata: Metadata = field(default_factory=Metadata)
    synopsis: str | None = None
    concepts: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    marking_points: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """All keys, always: null for what is not printed, [] for an empty list."""
        return {
            "urn": self.urn,
            "title": self.title,
            "sqa_code": self.sqa_code,
            "performance": [c.as_dict() for c in self.performance],
            "knowledge": [c.as_dict() for c in self.knowledge],
            "assessment_criteria": [c.as_dict() for c in self.assessment_criteria],
            "sections": dict(self.sections),
            "metadata": self.metadata.as_dict(),
            "synopsis": self.synopsis,
            **{name: list(getattr(self, name)) for name in LISTS_OF_TEXT},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ParsedStandard:
        return cls(
            urn=data.get("urn"),
            title=data.get("title"),
            sqa_code=data.get("sqa_code"),
            performance=tuple(map(Criterion.from_dict, data.get("performance", ()))),
            knowledge=tuple(map(Criterion.from_dict, data.get("knowledge", ()))),
            assessment_criteria=tuple(
                map(AssessmentCriterion.from_dict, data.get("assessment_criteria", ()))
            ),
            sections=dict(data.get("sections", {})),
            metadata=Metadata.from_dict(data.get("metadata", {})),
            synopsis=data.get("synopsis"),
            **{name: tuple(data.get(name, ())) for name in LISTS_OF_TEXT},
        )


def as_json(standards: list[ParsedStandard]) -> dict[str, Any]:
    """One standard gives its own dict; several are wrapped in {"standards": [...]}."""
    if len(standards) == 1:
        return standards[0].as_dict()
    return {"standards": [standard.as_dict() for standard in standards]}
