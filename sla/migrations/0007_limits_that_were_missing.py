"""Policies that were set up before these limits existed get them once; what an administrator deletes later stays deleted."""

from django.db import migrations

MISSING = [
    ("first_contact", 30, "wm"),
    ("customer_reply", 5, "wd"),
    ("co_task", 2, "wd"),
    ("report", 4, "h"),
    ("review_head", 1, "wd"),
    ("review_office", 1, "wd"),
    ("call_back", 3, "wd"),
]
WAIT = [{"at": "80%", "tell": ["owner"]}, {"at": "due", "tell": ["owner", "first_contact"]}]


def add(apps, schema_editor):
    calendars = dict(apps.get_model("sla", "Calendar").objects.values_list("code", "pk"))
    target_model = apps.get_model("sla", "SlaTarget")
    for policy in apps.get_model("sla", "SlaPolicy").objects.prefetch_related("targets"):
        known = {target.metric: target for target in policy.targets.all()}
        like = known.get("assign") or known.get("register") or known.get("resolution")
        for metric, amount, unit in MISSING:
            calendar = calendars.get("24x7" if unit == "h" else "office")
            if metric in known or like is None or calendar is None:
                continue
            target_model.objects.create(
                policy=policy,
                metric=metric,
                amount=amount,
                unit=unit,
                calendar_id=calendar,
                pauses_on=[],
                warn_at=[50, 80],
                ladder=WAIT if metric == "customer_reply" else like.ladder,
            )


class Migration(migrations.Migration):
    dependencies = [("sla", "0006_accountability_supervision_lag")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
