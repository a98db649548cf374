"""Where the ledger can't be written, nothing of the decision remains."""

import pytest

from assessments import actions
from assessments.actions import decisions, sign_offs, submissions
from assessments.models import Judgement, MarkingPointCredit, SignOff, Submission
from ledger.models import Entry, Sealed
from portfolio.models import Claim, Enrolment, Evidence, EvidenceVersion

TABLES = (
    Claim,
    Enrolment,
    Entry,
    Evidence,
    EvidenceVersion,
    Judgement,
    MarkingPointCredit,
    Sealed,
    SignOff,
    Submission,
)


class LedgerBroke(Exception):
    pass


def everything():
    return {table: list(table.objects.order_by("pk").values()) for table in TABLES}


@pytest.fixture
def break_ledger(monkeypatch):
    def broken(**_entry):
        raise LedgerBroke

    def in_module(module):
        monkeypatch.setattr(module, "record", broken)

    return in_module


def refused_whole(act):
    before = everything()
    with pytest.raises(LedgerBroke):
        act()
    assert everything() == before


def test_submit(unit, break_ledger):
    version = unit.draft()
    break_ledger(submissions)
    refused_whole(lambda: actions.submit(version=version, declared=True, by=unit.cast.learner))


@pytest.mark.parametrize("verb", [actions.accept, actions.return_])
def test_decide(unit, break_ledger, verb):
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, **({"P2": "Unclear"} if verb is actions.return_ else {}))
    break_ledger(decisions)
    refused_whole(
        lambda: verb(
            submission=submission, feedback="So.", personal_data="clear", by=unit.cast.assessor
        )
    )


def test_sign_off(unit, break_ledger):
    version = unit.accepted().version
    break_ledger(sign_offs)
    refused_whole(
        lambda: actions.sign_off(
            enrolment=unit.enrolment,
            credits=unit.credits(version),
            personal_data_checked=True,
            by=unit.cast.assessor,
        )
    )


def test_countersign(unit, break_ledger):
    signed = unit.signed(by=unit.cast.trainee)
    break_ledger(sign_offs)
    refused_whole(lambda: actions.countersign(sign_off=signed, by=unit.cast.assessor))
    refused_whole(
        lambda: actions.refuse_countersignature(
            sign_off=SignOff.objects.get(), reason="No", by=unit.cast.assessor
        )
    )
