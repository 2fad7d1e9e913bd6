from django.db import migrations

from common.appendonly import append_only, never_emptied
from reports.touching import note_changes


class Migration(migrations.Migration):
    """Triggers note whose figures changed, on tables of every app below; decided targets only grow."""

    replaces = [("reports", "0002_daily_figures"), ("reports", "0003_targets_decided")]
    dependencies = [
        ("accounts", "0001_tables"),
        ("reports", "0001_tables"),
        ("sla", "0001_tables"),
        ("surveys", "0001_tables"),
        ("tickets", "0001_tables"),
    ]
    operations = [note_changes(), append_only("reports_kpitarget"), never_emptied("reports_kpitarget")]
