from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A claim looks at one row, however many messages wait; built without holding up who writes."""

    atomic = False
    dependencies = [("notices", "0002_claimed_and_unsure")]

    operations = [
        AddIndexConcurrently(
            "notice",
            models.Index(
                condition=models.Q(("state", "waiting")), fields=["channel", "not_before", "id"], name="notice_due"
            ),
        ),
        AddIndexConcurrently(
            "notice",
            models.Index(
                condition=models.Q(("claimed_until__isnull", False), ("state", "waiting")),
                fields=["channel", "claimed_until"],
                name="notice_claimed",
            ),
        ),
        RemoveIndexConcurrently("notice", "notice_waiting"),
    ]
