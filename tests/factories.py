"""Rows for tests, made the short way, and the cast that every test shares.

What a test is about goes through the actions; what merely has to be there is made here.
"""

import functools
import io
import itertools
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import Centre, Membership, Role, User
from portfolio.models import (
    Allocation,
    Claim,
    Enrolment,
    Evidence,
    EvidenceVersion,
    PersonalData,
    Portfolio,
)
from standards.models import Criterion, Edition, MarkingGuide, MarkingPoint, Standard

PASSWORD = "correct-horse-battery"
_numbers = itertools.count(1)


def make_centre(name: str = "Northgate College") -> Centre:
    slug = name.lower().replace(" ", "-") + f"-{next(_numbers)}"
    return Centre.objects.create(name=name, slug=slug, number="C-100")


def make_user(name: str = "Sam Jones", *, password: str | None = None) -> User:
    """A user; without a password nobody can sign in by form (force_login still works)."""
    email = f"{name.split()[0].lower()}{next(_numbers)}@example.org"
    if password is None:
        return User.objects.create_user(email, name=name)
    return User.objects.create(email=email, name=name, password=hashed(password))


# Hashing is slow on purpose: a cast that signs in would take two seconds each time.
hashed = functools.cache(make_password)


def make_member(centre: Centre, role: str, name: str = "Sam Jones", **user: Any) -> User:
    member = make_user(name, **user)
    Membership.objects.create(centre=centre, user=member, role=role)
    return member


def make_edition(
    *, urn: str = "", performance: int = 2, knowledge: int = 1, centre: Centre | None = None
) -> Edition:
    """A published edition with criteria P1… and K1…"""
    standard, _ = Standard.objects.get_or_create(urn=urn or f"TEST{next(_numbers)}")
    edition = Edition.objects.create(
        standard=standard,
        centre=centre,
        title="Build and maintain customer relations",
        version="1",
        approved_on="2021-02-22",
    )
    kinds = [("P", Criterion.Kind.PERFORMANCE, performance)]
    kinds.append(("K", Criterion.Kind.KNOWLEDGE, knowledge))
    codes = [(f"{letter}{n}", kind) for letter, kind, many in kinds for n in range(1, many + 1)]
    Criterion.objects.bulk_create(
        Criterion(edition=edition, kind=kind, code=code, text=f"do what {code} asks", order=order)
        for order, (code, kind) in enumerate(codes)
    )
    Edition.objects.filter(pk=edition.pk).update(published_at=timezone.now())
    edition.refresh_from_db()
    return edition


def make_guide(*editions: Edition, points: int = 2) -> MarkingGuide:
    guide = MarkingGuide.objects.create(
        title="Customer relationships",
        synopsis="What the examiner looks for.",
        concepts=["Standards: keep them."],
        tips=["Link what you did to what came of it."],
        misconceptions=["Once is enough."],
    )
    MarkingPoint.objects.bulk_create(
        MarkingPoint(guide=guide, number=n, text=f"Award credit for point {n}.")
        for n in range(1, points + 1)
    )
    guide.editions.set(editions)
    MarkingGuide.objects.filter(pk=guide.pk).update(published_at=timezone.now())
    guide.refresh_from_db()
    return guide


def make_portfolio(centre: Centre, learner: User, *, cohort: str = "") -> Portfolio:
    return Portfolio.objects.create(
        centre=centre, learner=learner, registration_number="R-1", cohort=cohort
    )


def make_enrolment(
    portfolio: Portfolio, edition: Edition, *assessors: User, **fields: Any
) -> Enrolment:
    fields.setdefault("started_on", date(2026, 9, 1))
    enrolment = Enrolment.objects.create(portfolio=portfolio, edition=edition, **fields)
    for assessor in assessors:
        Allocation.objects.create(enrolment=enrolment, assessor=assessor)
    return enrolment


def make_version(portfolio: Portfolio, **fields: Any) -> EvidenceVersion:
    """A draft of a new item of evidence, with an account and no claims."""
    portfolio.last_number += 1
    portfolio.save(update_fields=["last_number"])
    evidence = Evidence.objects.create(portfolio=portfolio, number=portfolio.last_number)
    fields.setdefault("title", f"Evidence {evidence.number}")
    fields.setdefault("method", "account")
    fields.setdefault("gathered_on", date(2026, 10, 1))
    fields.setdefault("account", "I did the work.")
    fields.setdefault("account_html", "<p>I did the work.</p>")
    fields.setdefault("personal_data", PersonalData.NONE)
    return EvidenceVersion.objects.create(evidence=evidence, **fields)


def make_claims(version: EvidenceVersion, enrolment: Enrolment, *codes: str) -> list[Claim]:
    """Claims on the criteria with these codes; on all of the edition's when none is named."""
    criteria = enrolment.edition.criteria.all()
    if codes:
        criteria = criteria.filter(code__in=codes)
    return [
        Claim.objects.create(version=version, enrolment=enrolment, criterion=criterion)
        for criterion in criteria
    ]


def jpeg(size: tuple[int, int] = (64, 48), colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def uploaded(name: str = "photo.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if data is None else data)


@dataclass(frozen=True)
class Cast:
    """The people of one centre, by the part they play."""

    centre: Centre
    learner: User
    second_learner: User
    assessor: User
    other_assessor: User  # qualified, but the learner is not allocated to them
    trainee: User
    iqa: User
    admin: User
    data_lead: User

    def people(self) -> dict[str, User]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "centre"}


def make_cast(centre_name: str = "Northgate College", *, password: str | None = None) -> Cast:
    centre = make_centre(centre_name)
    member = lambda role, name: make_member(centre, role, name, password=password)  # noqa: E731
    return Cast(
        centre=centre,
        learner=member(Role.LEARNER, "Amira Khan"),
        second_learner=member(Role.LEARNER, "Tom Reed"),
        assessor=member(Role.ASSESSOR, "Ben Osei"),
        other_assessor=member(Role.ASSESSOR, "Grace Lund"),
        trainee=member(Role.TRAINEE_ASSESSOR, "Chloe Park"),
        iqa=member(Role.IQA, "Dilys Morgan"),
        admin=member(Role.ADMIN, "Ed Walsh"),
        data_lead=member(Role.DATA_LEAD, "Priya Nair"),
    )
