from django.db import migrations, models


class Migration(migrations.Migration):
    """The cases that were raised to leadership, which leadership goes on reading."""

    dependencies = [("tickets", "0053_erased_references")]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["id"], condition=models.Q(level=3), name="ticket_at_leadership"),
        )
    ]
