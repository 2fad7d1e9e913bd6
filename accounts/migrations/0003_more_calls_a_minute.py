"""An app that hands in the feedback of a whole company may call a thousand times a second."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_append_only_access_log")]
    operations = [
        migrations.AlterField(
            "apitoken",
            "per_minute",
            models.PositiveIntegerField(default=60000, verbose_name="calls a minute"),
        )
    ]
