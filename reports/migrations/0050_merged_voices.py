from django.conf import settings
from django.db import migrations


def count_again(apps, editor) -> None:
    """The days on which a case came in that was merged later: kept before, they lack a voice."""
    editor.execute(
        "UPDATE reports_dayfigures SET stale = true WHERE day IN"
        " (SELECT (received_at AT TIME ZONE %s)::date FROM tickets_ticket WHERE merged_into_id IS NOT NULL)",
        [settings.TIME_ZONE],
    )


class Migration(migrations.Migration):
    """A merged case is a voice in the volume of feedback."""

    dependencies = [("reports", "0002_touched_figures_and_history"), ("tickets", "0054_raised_to_leadership")]
    operations = [migrations.RunPython(count_again, migrations.RunPython.noop)]
