from django.db import migrations, models


class Migration(migrations.Migration):
    """How many cases rules deal to a person, and with what share."""

    dependencies = [("accounts", "0006_shifts")]

    operations = [
        migrations.AddField(
            "user",
            "capacity",
            models.PositiveSmallIntegerField(
                blank=True,
                help_text="So many open cases at most are dealt to this person by rules. Empty: no limit.",
                null=True,
                verbose_name="capacity",
            ),
        ),
        migrations.AddField(
            "user",
            "share",
            models.PositiveSmallIntegerField(
                default=1,
                help_text="Where cases are dealt in turn: 2 gets twice as many as 1; 0 gets none.",
                verbose_name="share in turns",
            ),
        ),
    ]
