from django.db import migrations

from tickets.search.readers import SQL, kept

BATCH = 5_000
STATEMENT = f"""
UPDATE tickets_searchdocument d SET tsv = d.tsv || array_to_tsvector(
    ARRAY['#' || to_char(t.received_at AT TIME ZONE 'UTC', 'YYYYMM')] || {SQL.format("t")})
FROM tickets_ticket t WHERE t.id = d.ticket_id AND t.id > %s AND t.id <= %s
"""


def add_readers(apps, schema_editor):
    """A few thousand rows at a time, each with a short lock, so that people go on working. The trigger stands already."""
    with schema_editor.connection.cursor() as cursor:
        # the index takes the new terms in larger portions: half the work, and searches go on meanwhile
        for setting in ("gin_pending_list_limit", "work_mem"):
            cursor.execute(f"SET {setting} = '64MB'")
        cursor.execute("SELECT coalesce(max(id), 0) FROM tickets_ticket")
        (last,) = cursor.fetchone()
        for first in range(0, last, BATCH):
            cursor.execute(STATEMENT, [first, first + BATCH])
        cursor.execute("SELECT gin_clean_pending_list(oid) FROM pg_class WHERE relname = 'search_tsv'")
        for setting in ("gin_pending_list_limit", "work_mem"):
            cursor.execute(f"RESET {setting}")


class Migration(migrations.Migration):
    """Each search document says in whose lists its case is, and in which month it was received."""

    atomic = False
    dependencies = [("tickets", "0019_canned_replies")]
    operations = [*kept(), migrations.RunPython(add_readers, migrations.RunPython.noop)]
