from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from files.actions import keep_bytes
from reports.models import Bulk, Report
from tests.factories import Cast, make_member, make_portfolio

NAMES = ("Zoë Ash", "../Eve\\ Bird", "=Cy Cole")


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


@pytest.fixture
def asked(cast: Cast) -> Callable[..., Bulk]:
    """Exports that were asked for at once, in these states."""

    def ask(*statuses: str, **fields) -> Bulk:
        bulk = Bulk.objects.create(
            centre=cast.centre, requested_by=cast.admin, chosen="Cohort: Autumn 2026"
        )
        for place, status in enumerate(statuses):
            name = NAMES[place] if place < len(NAMES) else f"Learner {place}"
            add(bulk, cast, name, status, place, **fields)
        return bulk

    return ask


def add(bulk: Bulk, cast: Cast, name: str, status: str, place: int = 0, **fields) -> Report:
    learner = make_member(cast.centre, "learner", name)
    if status == "done":
        data = b"%PDF-1.7 " + str(place).encode() * (700 * (place + 1))
        fields = {
            "blob": keep_bytes(chunks=[data], media_type="application/pdf"),
            "pages": place + 1,
            "finished_at": timezone.now(),
            **fields,
        }
    return Report.objects.create(
        portfolio=make_portfolio(cast.centre, learner, cohort="Autumn 2026"),
        requested_by=cast.admin,
        bulk=bulk,
        status=status,
        error="No room." if status == "failed" else "",
        **fields,
    )
