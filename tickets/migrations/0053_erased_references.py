from django.db import migrations, models


class Migration(migrations.Migration):
    """What was erased is known again by a keyed digest of its reference, so that no import brings it back (PIPL, D6)."""

    dependencies = [("tickets", "0052_open_cases_by_status")]
    operations = [
        migrations.CreateModel(
            "ErasedReference",
            [
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("erased_at", models.DateTimeField()),
            ],
            options={"ordering": ["erased_at", "digest"]},
        )
    ]
