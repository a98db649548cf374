from django.db import migrations, models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def count_hidden(apps, schema_editor):
    """What had been hidden before exports that are there were begun."""
    redactions = apps.get_model("portfolio", "Redaction").objects.order_by()
    before = redactions.filter(
        evidence__portfolio=OuterRef("portfolio"), created_at__lt=OuterRef("started_at")
    )
    counted = before.values("evidence__portfolio").annotate(many=Count("pk")).values("many")
    reports = apps.get_model("reports", "Report").objects.exclude(started_at=None)
    reports.update(hidden_before=Coalesce(Subquery(counted), 0))


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0004_records_interests_imports"),
        ("reports", "0002_proof"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="hidden_before",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(count_hidden, migrations.RunPython.noop),
    ]
