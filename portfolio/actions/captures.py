"""A capture is sent until the phone hears that it arrived, perhaps more than once."""

import uuid

from django.db.models import F

from portfolio.models import EvidenceVersion, Portfolio


def taken_before(portfolio: Portfolio, capture_id: uuid.UUID | None) -> EvidenceVersion | None:
    """What this capture became, if it came before. Inside a transaction: nobody else can take
    the same one in until its end, since the update locks the portfolio's row."""
    if capture_id is None:
        return None
    Portfolio.objects.filter(pk=portfolio.pk).update(last_number=F("last_number"))
    made = EvidenceVersion.objects.filter(
        evidence__portfolio=portfolio, evidence__capture_id=capture_id
    )
    return made.select_related("evidence").order_by("number").last()
