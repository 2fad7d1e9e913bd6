from django.db import migrations, models

STRATEGIES = [
    ("department", "The department decides"),
    ("on_duty", "Who is on duty"),
    ("least_loaded", "Who has the fewest open cases"),
    ("round_robin", "In turn, by shares"),
    ("same_owner", "The same person as last time"),
]


class Migration(migrations.Migration):
    """A word for people only."""

    dependencies = [("tickets", "0017_single_characters_in_search")]

    operations = [
        migrations.AlterField(
            "routingrule",
            "strategy",
            models.CharField(choices=STRATEGIES, default="department", max_length=20, verbose_name="who gets it"),
        )
    ]
