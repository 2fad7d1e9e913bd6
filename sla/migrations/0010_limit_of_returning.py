"""Policies that were set up before a case could only be returned in time get that limit once."""

from django.db import migrations


def add(apps, schema_editor):
    office = apps.get_model("sla", "Calendar").objects.filter(code="office").first()
    targets = apps.get_model("sla", "SlaTarget").objects
    if office is None:
        return
    for policy in apps.get_model("sla", "SlaPolicy").objects.exclude(targets__metric="return_decision"):
        targets.create(
            policy=policy,
            metric="return_decision",
            amount=1,
            unit="wd",
            calendar=office,
            pauses_on=[],
            warn_at=[80],
            ladder=[{"at": "80%", "tell": ["head"]}],
        )


class Migration(migrations.Migration):
    dependencies = [("sla", "0009_calendars_as_they_were")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
