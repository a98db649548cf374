from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_deposit")]

    operations = [
        migrations.AddField(
            model_name="deposit",
            name="bucket",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="deposit",
            name="lost",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="deposit",
            name="sent",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="deposit",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Waiting to start"),
                    ("running", "On its way"),
                    ("done", "In the bucket"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="queued",
                max_length=10,
            ),
        ),
    ]
