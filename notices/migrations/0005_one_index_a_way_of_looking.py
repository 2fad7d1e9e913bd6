from django.conf import settings
from django.db import migrations, models

# name, table, column; the foreign keys themselves stay as they are, where an AlterField would check every row again
GONE = [
    ("notices_notice_topic_c6d212ea", "notices_notice", "topic"),
    ("notices_notice_topic_c6d212ea_like", "notices_notice", "topic varchar_pattern_ops"),
]


class Migration(migrations.Migration):
    """Nobody asks for the beginning of a topic: one index of it is enough."""

    dependencies = [
        ("notices", "0004_sms_templates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="notice",
                    name="topic",
                    field=models.CharField(blank=True, help_text="The ticket's number.", max_length=40),
                ),
            ],
            database_operations=[
                *(
                    migrations.RunSQL(
                        f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "{table}" ({column})'
                    )
                    for name, table, column in GONE
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["topic"], name="notice_topic"),
        ),
    ]
