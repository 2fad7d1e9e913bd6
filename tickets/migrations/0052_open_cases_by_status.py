from django.db import migrations, models


class Migration(migrations.Migration):
    """Few open cases wait to be assigned or for the customer: they are found without looking at all others."""

    dependencies = [("tickets", "0051_reviews_in_the_heads_place")]
    operations = [
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["status", "next_due_at"],
                condition=models.Q(status__in=["assigned", "in_progress", "in_review", "new", "waiting"]),
                name="ticket_open_status",
            ),
        )
    ]
