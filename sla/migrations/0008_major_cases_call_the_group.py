"""The first response of L1 calls the special group together at once."""

from django.db import migrations

AT_ONCE = {"at": "0%", "tell": [], "group": True}


def add(apps, schema_editor):
    targets = apps.get_model("sla", "SlaTarget").objects.filter(policy__code="l1", metric="first_response")
    for target in targets:
        if not any(step.get("group") for step in target.ladder):
            target.ladder = [AT_ONCE, *target.ladder]
            target.save(update_fields=["ladder"])


class Migration(migrations.Migration):
    dependencies = [("sla", "0007_limits_that_were_missing")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
