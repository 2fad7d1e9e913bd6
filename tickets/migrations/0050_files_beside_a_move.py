import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Evidence stands beside the move that it proves. Nobody asks for the files of one event, so there is no index."""

    dependencies = [("tickets", "0002_history_archive_and_readers")]
    operations = [
        migrations.AddField(
            "attachment",
            "event",
            models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="tickets.ticketevent",
            ),
        )
    ]  # fmt: skip
