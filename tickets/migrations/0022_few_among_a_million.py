from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

OPEN = models.Q(status__in=["assigned", "in_progress", "in_review", "new", "waiting"])


class Migration(migrations.Migration):
    """Lists of what few cases have (a second round, a low rating, open in my department) are not looked for among all.

    The indexes are built beside the work of the day, without a lock that anybody would wait for.
    """

    atomic = False
    dependencies = [("tickets", "0021_one_index_a_way_of_looking")]
    operations = [
        AddIndexConcurrently(
            "ticket", GinIndex(fields=["departments"], condition=OPEN, name="ticket_open_departments")
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(fields=["round", "received_at"], condition=models.Q(round__gt=1), name="ticket_rounds"),
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["rating", "received_at"],
                condition=models.Q(rating__in=["dissatisfied", "neutral"]),
                name="ticket_rated_low",
            ),
        ),
    ]
