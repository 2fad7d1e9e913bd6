from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """For the health page. Nearly always empty; built without holding up the sweep."""

    atomic = False
    dependencies = [("sla", "0050_records_not_yet_decided")]

    operations = [
        AddIndexConcurrently(
            "dueitem",
            models.Index(
                fields=["id"], condition=models.Q(("failures__gt", 0), ("fired_at", None)), name="due_item_failing"
            ),
        )
    ]
