from django.db import migrations

from ledger.triggers import RefuseChanges


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        RefuseChanges(
            name="ledger_entry_stays",
            table="ledger_entry",
            message="A ledger entry is never changed or deleted.",
        ),
        RefuseChanges(
            name="ledger_stream_stays",
            table="ledger_stream",
            events=("DELETE",),
            message="A ledger stream is never deleted.",
        ),
        RefuseChanges(
            name="ledger_sealed_stays",
            table="ledger_sealed",
            events=("UPDATE",),
            message="A sealed text may be erased, never changed.",
        ),
    ]
