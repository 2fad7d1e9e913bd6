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
        migrations.AddIndex("clock", models.Index(fields=["decided_at", "started_at"], name="clock_over_instant")),
    ]
