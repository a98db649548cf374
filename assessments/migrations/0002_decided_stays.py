from django.db import migrations

from ledger.triggers import RefuseChanges


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("ledger", "0002_append_only")]

    operations = [
        RefuseChanges(
            name="assessments_judgement_stays",
            table="assessments_judgement",
            message="A decided judgement is never changed or deleted.",
            when="OLD.decided_at IS NOT NULL",
        ),
        RefuseChanges(
            name="assessments_submission_stays",
            table="assessments_submission",
            message="A decided submission is never changed or deleted.",
            when="OLD.decided_at IS NOT NULL",
        ),
        RefuseChanges(
            name="assessments_markingpointcredit_stays",
            table="assessments_markingpointcredit",
            message="A credit is never changed or deleted.",
        ),
    ]
