from django.db import migrations, models
from django.db.models import Q

# What figures read of a case; kept in the indexes, so that counting a month never opens the wide rows themselves.
READ = [
    "status", "merged_into", "nature", "is_bad_review", "channel", "category", "region", "department", "tier",
    "owner", "first_contact", "customer", "problem",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_events_never_emptied")]

    operations = [
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["first_response_at"],
                include=["received_at", *READ],
                condition=~Q(first_response_at=None),
                name="ticket_first_response",
            ),
        ),
        migrations.RemoveIndex("ticket", "ticket_first_resolved"),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["first_resolved_at"],
                include=["received_at", "resolved_at", *READ],
                name="ticket_first_resolved",
            ),
        ),
        migrations.RemoveIndex("ticket", "ticket_received"),
        migrations.AddIndex("ticket", models.Index(fields=["received_at", "id"], include=READ, name="ticket_received")),
        migrations.AddIndex("ticket", models.Index(fields=["id"], include=READ, name="ticket_counted")),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["customer", "category", "first_resolved_at"],
                condition=Q(nature="complaint", merged_into=None) & ~Q(status="void"),
                name="ticket_complained",
            ),
        ),
        migrations.AddIndex(
            "ticket", models.Index(fields=["received_at"], condition=Q(resolved_at=None), name="ticket_unresolved")
        ),
        migrations.AddIndex(
            "ticket", models.Index(fields=["resolved_at", "first_resolved_at"], name="ticket_resolved")
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(fields=["received_at"], condition=Q(first_response_at=None), name="ticket_unanswered"),
        ),
    ]
