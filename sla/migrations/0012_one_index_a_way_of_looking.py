import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# name, table, column; the foreign keys themselves stay as they are, where an AlterField would check every row again
GONE = [
    ("sla_clock_answerable_id_dde76de2", "sla_clock", "answerable_id"),
    ("sla_clock_assignment_id_de0c007d", "sla_clock", "assignment_id"),
    ("sla_clock_ticket_id_0a036dca", "sla_clock", "ticket_id"),
    ("sla_clockevent_by_id_4fd90f85", "sla_clockevent", "by_id"),
    ("sla_clockevent_clock_id_6b23ba1a", "sla_clockevent", "clock_id"),
    ("sla_dueitem_clock_id_ef6775ca", "sla_dueitem", "clock_id"),
    ("sla_accountability_decided_by_id_eb481d38", "sla_accountability", "decided_by_id"),
    ("sla_accountability_reviewed_by_id_02e9d4ab", "sla_accountability", "reviewed_by_id"),
]


class Migration(migrations.Migration):
    """The same for clocks, their events and due items: they are most of what a case writes."""

    dependencies = [
        ("sla", "0011_reports_to_leadership"),
        ("tickets", "0020_readers_in_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="accountability",
                    name="decided_by",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="accountability",
                    name="reviewed_by",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="clock",
                    name="answerable",
                    field=models.ForeignKey(
                        db_index=False,
                        help_text="The person answerable when it was missed.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="clock",
                    name="assignment",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="tickets.assignment",
                    ),
                ),
                migrations.AlterField(
                    model_name="clock",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="clockevent",
                    name="by",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="clockevent",
                    name="clock",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="sla.clock",
                    ),
                ),
                migrations.AlterField(
                    model_name="dueitem",
                    name="clock",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due_items",
                        to="sla.clock",
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
        migrations.AddIndex(
            model_name="accountability",
            index=models.Index(
                condition=models.Q(("decided_by", None), _negated=True),
                fields=["decided_by"],
                name="accountability_decided",
            ),
        ),
        migrations.AddIndex(
            model_name="accountability",
            index=models.Index(
                condition=models.Q(("reviewed_by", None), _negated=True),
                fields=["reviewed_by"],
                name="accountability_reviewed",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("answerable", None), _negated=True), fields=["answerable"], name="clock_answerable"
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("assignment", None), _negated=True), fields=["assignment"], name="clock_of_part"
            ),
        ),
        migrations.AddIndex(
            model_name="clockevent",
            index=models.Index(condition=models.Q(("by", None), _negated=True), fields=["by"], name="clock_event_by"),
        ),
    ]
