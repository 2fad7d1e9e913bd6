from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_append_only_events")]

    operations = [
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["first_response_at"], condition=~Q(first_response_at=None), name="ticket_first_response"
            ),
        ),
        migrations.AddIndex(
            "ticket", models.Index(fields=["received_at"], condition=Q(resolved_at=None), name="ticket_unresolved")
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(fields=["received_at"], condition=Q(first_response_at=None), name="ticket_unanswered"),
        ),
    ]
