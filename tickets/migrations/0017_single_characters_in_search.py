from django.db import migrations

BATCH = 5_000
# The first character of each pair, as a term of its own; the last of a run is one already. `@` stands before personal text.
STATEMENT = r"""
UPDATE tickets_searchdocument SET tsv = tsv || array_to_tsvector(ARRAY(
    SELECT DISTINCT left(term, -1) FROM unnest(tsvector_to_array(tsv)) AS term
    WHERE term ~ '^@?[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]{2}$'))
WHERE ticket_id > %s AND ticket_id <= %s AND octet_length(tsvectorsend(tsv)) < 900000
"""


def add_characters(apps, schema_editor):
    """A few thousand rows at a time, each with a short lock, so that people go on working."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM tickets_ticket")
        (last,) = cursor.fetchone()
        for first in range(0, last, BATCH):
            cursor.execute(STATEMENT, [first, first + BATCH])


class Migration(migrations.Migration):
    """A single character is looked up as a term: by prefix its search read the hits of every pair that begins with it."""

    atomic = False
    dependencies = [("tickets", "0016_drafts_for_common_problems")]
    operations = [migrations.RunPython(add_characters, migrations.RunPython.noop)]
