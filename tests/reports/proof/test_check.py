"""Which answer a file gets."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from ledger.models import Entry
from reports.models import Report
from reports.proof import Outcome, check
from reports.proof.judging import judge
from reports.proof.recorded import Database
from tests.factories import Cast
from tests.reports.proof.conftest import CODE, PAGES, Here, Sealed, finished, note, write_export
from tests.triggers import lifted

pytestmark = pytest.mark.django_db


def answer(place: Path):
    return judge(place, register=Database(), reader=Here())


def test_the_very_bytes_of_the_latest_export(report: Report, sealed: Sealed, cast: Cast):
    found = check(sealed.path)  # in a process of its own, as the page does
    assert (found.outcome, found.pages, found.centre) == (
        Outcome.LATEST,
        PAGES,
        cast.centre.name,
    )
    assert found.made_at == Entry.objects.get(verb="report_made").at
    assert found.is_signed
    assert found.is_genuine
