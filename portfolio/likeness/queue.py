"""Getting comparisons to a worker; what the broker loses is sent again from the rows."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Q

from files.queue import hand_over
from portfolio.models import EvidenceVersion, TemplateText

COMPARE = "portfolio.likeness.tasks.compare_version"
ACCOUNT_FOR = "portfolio.likeness.tasks.account_for_template"
AT_ONCE = 200


def send_on_commit(version: EvidenceVersion) -> None:
    transaction.on_commit(partial(send, [version.pk]))


def send_template_on_commit(template: TemplateText) -> None:
    transaction.on_commit(partial(send, [template.pk], ACCOUNT_FOR))


def send(pks: Iterable[int], task: str = COMPARE) -> None:
    for pk in pks:
        if not hand_over(task, pk):
            return


def send_what_waits() -> None:
    """Those never compared, and those of which a file was not prepared yet; new forms."""
    waiting = EvidenceVersion.objects.filter(
        Q(comparison=None) | Q(comparison__done_at=None), submitted_at__isnull=False
    )
    send(list(waiting.order_by("submitted_at").values_list("pk", flat=True)[:AT_ONCE]))
    forms = TemplateText.objects.counting().filter(accounted_at=None)
    send(list(forms.values_list("pk", flat=True)), ACCOUNT_FOR)
