from django.db import migrations

from ledger.triggers import RefuseChanges


def published(row: str, parent: str, key: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {parent} WHERE {parent}.id = {row}.{key}"
        f" AND {parent}.published_at IS NOT NULL)"
    )


def keep_whole(table: str, parent: str, key: str) -> list[RefuseChanges]:
    """Nothing may join, change or leave the published row that `key` points to."""
    return [
        RefuseChanges(
            name=f"{table}_stays",
            table=table,
            message="A published text is never changed or deleted.",
            when=published("OLD", parent, key),
        ),
        RefuseChanges(
            name=f"{table}_closed",
            table=table,
            events=("INSERT",),
            message="Nothing is added to a published text.",
            when=published("NEW", parent, key),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("standards", "0001_initial"), ("ledger", "0002_append_only")]

    operations = [
        *(
            RefuseChanges(
                name=f"{table}_stays",
                table=table,
                message="A published text is never changed or deleted.",
                when="OLD.published_at IS NOT NULL",
            )
            for table in ("standards_edition", "standards_markingguide")
        ),
        *keep_whole("standards_criterion", "standards_edition", "edition_id"),
        *keep_whole("standards_section", "standards_edition", "edition_id"),
        *keep_whole("standards_markingpoint", "standards_markingguide", "guide_id"),
    ]
