from django.db import migrations

BATCH = 5_000
STATEMENT = """
UPDATE tickets_searchdocument d
SET tsv = d.tsv || array_to_tsvector(ARRAY['#' || to_char(t.received_at AT TIME ZONE 'UTC', 'YYYYMMDD')])
FROM tickets_ticket t WHERE t.id = d.ticket_id AND t.id > %s AND t.id <= %s
"""


def add_days(apps, schema_editor):
    """A few thousand rows at a time, each with a short lock, so that people go on working."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM tickets_ticket")
        (last,) = cursor.fetchone()
        for first in range(0, last, BATCH):
            cursor.execute(STATEMENT, [first, first + BATCH])


class Migration(migrations.Migration):
    """Each search document says on which day its ticket was received: a page of hits reads the newest days alone."""

    atomic = False
    dependencies = [("tickets", "0013_erasure_lists")]
    operations = [migrations.RunPython(add_days, migrations.RunPython.noop)]
