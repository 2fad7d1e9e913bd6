from django.db import migrations

from common.appendonly import append_only, never_emptied
from tickets.archive.frozen import freeze
from tickets.search.readers import kept


class Migration(migrations.Migration):
    """History only grows, archived cases stay as they are, and search documents follow the people of their case."""

    replaces = [
        ("tickets", "0002_append_only_events"),
        ("tickets", "0003_events_never_emptied"),
        ("tickets", "0012_archived_cases_are_frozen"),
        ("tickets", "0013_erasure_lists"),
        ("tickets", "0020_readers_in_search"),
    ]
    dependencies = [("tickets", "0001_tables")]
    operations = [
        append_only("tickets_ticketevent"),
        never_emptied("tickets_ticketevent"),
        append_only("tickets_erasureproof"),
        never_emptied("tickets_erasureproof"),
        freeze(),
        *kept(),
    ]
