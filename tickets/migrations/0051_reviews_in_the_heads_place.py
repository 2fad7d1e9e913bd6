from django.db import migrations, models


class Migration(migrations.Migration):
    """Of a review is known whether it was decided in the head's place; the database fills in that the others were not."""

    dependencies = [("tickets", "0050_files_beside_a_move")]
    operations = [
        migrations.AddField(
            "review",
            "stood_in",
            models.BooleanField(db_default=False, default=False, help_text="Decided in the place of the head."),
        )
    ]
