from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("sla", "0004_soon_at_and_versions_never_reused")]

    operations = [
        migrations.AddIndex(
            "clock",
            models.Index(
                fields=["metric", "started_at"],
                condition=Q(decided_at=None, state__in=["running", "paused"]),
                name="clock_undecided",
            ),
        ),
        migrations.AddIndex(
            "clock",
            models.Index(
                fields=["ticket", "answerable"], condition=Q(state="missed", round=1), name="clock_first_round_missed"
            ),
        ),
        migrations.RemoveIndex("clock", "clock_decided"),
        migrations.AddIndex(
            "clock",
            models.Index(
                fields=["metric", "decided_at"],
                include=["ticket", "round", "state", "started_at", "answerable"],
                name="clock_decided",
            ),
        ),
    ]
