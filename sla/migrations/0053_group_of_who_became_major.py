"""A case that becomes a major one after its first answer gets its special group too (C3.3)."""

from typing import Any

from django.db import migrations

AT_ONCE = {"at": "0%", "tell": [], "group": True}


def call_together(apps: Any, schema_editor: Any) -> None:
    for target in apps.get_model("sla", "SlaTarget").objects.filter(metric="plan", policy__match__tier=["L1"]):
        if not any(step.get("group") for step in target.ladder):
            target.ladder = [AT_ONCE, *target.ladder]
            target.save(update_fields=["ladder"])


class Migration(migrations.Migration):
    dependencies = [("sla", "0052_checked_where_they_are_written")]

    operations = [migrations.RunPython(call_together, migrations.RunPython.noop)]
