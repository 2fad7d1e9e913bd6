import django.db.models.deletion
from django.db import migrations, models

# name, table, column; the foreign keys themselves stay as they are, where an AlterField would check every row again
GONE = [
    ("surveys_followup_ticket_id_b36eaa57", "surveys_followup", "ticket_id"),
]


class Migration(migrations.Migration):
    """A case's follow-ups are found by the constraint that allows one a round."""

    dependencies = [
        ("surveys", "0003_questionnaires"),
        ("tickets", "0020_readers_in_search"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="followup",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="tickets.ticket",
                    ),
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
    ]
