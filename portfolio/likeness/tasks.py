from celery import shared_task

from portfolio.actions.likenesses import account_for, compare
from portfolio.likeness import queue
from portfolio.models import EvidenceVersion, TemplateText


@shared_task
def compare_version(version_id: int) -> None:
    version = (
        EvidenceVersion.objects.filter(pk=version_id, submitted_at__isnull=False)
        .select_related("evidence__portfolio__centre")
        .first()
    )
    if version:
        compare(version)


@shared_task
def compare_what_waits() -> None:
    queue.send_what_waits()


@shared_task
def account_for_template(template_id: int) -> None:
    template = TemplateText.objects.counting().filter(pk=template_id).first()
    if template:
        account_for(template)
