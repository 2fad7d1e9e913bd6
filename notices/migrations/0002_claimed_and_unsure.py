from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_tables")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="claimed_until",
            field=models.DateTimeField(help_text="While a worker sends it; afterwards another one may.", null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="unsure",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Tries of which nobody knows whether they arrived."
            ),
        ),
    ]
