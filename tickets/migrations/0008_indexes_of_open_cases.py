from django.db import migrations, models
from django.db.models import Q

OPEN = Q(status__in=["assigned", "in_progress", "in_review", "new", "waiting"])
FORMER = ("ticket_department_due", "ticket_owner_due", "ticket_first_contact_due")


class Migration(migrations.Migration):
    """Who has which open cases, in indexes that closed cases leave: they stay as small as the work at hand."""

    dependencies = [("tickets", "0007_links")]

    operations = [
        *(migrations.RemoveIndex("ticket", name) for name in FORMER),
        *(
            migrations.AddIndex(
                "ticket", models.Index(fields=[who, "next_due_at"], condition=OPEN, name=f"ticket_open_{who}")
            )
            for who in ("department", "owner", "first_contact")
        ),
    ]
