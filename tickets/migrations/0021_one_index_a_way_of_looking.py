import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# name, table, column; the foreign keys themselves stay as they are, where an AlterField would check every row again
GONE = [
    ("tickets_ticket_customer_id_f2d9135a", "tickets_ticket", "customer_id"),
    ("tickets_ticket_problem_id_5ac771bf", "tickets_ticket", "problem_id"),
    ("tickets_ticket_merged_into_id_3a36ad40", "tickets_ticket", "merged_into_id"),
    ("tickets_ticket_parent_id_09dd967f", "tickets_ticket", "parent_id"),
    ("tickets_ticket_region_id_a1e3f74f", "tickets_ticket", "region_id"),
    ("tickets_ticket_region_id_a1e3f74f_like", "tickets_ticket", "region_id varchar_pattern_ops"),
    ("tickets_customer_region_id_a286f9c0", "tickets_customer", "region_id"),
    ("tickets_customer_region_id_a286f9c0_like", "tickets_customer", "region_id varchar_pattern_ops"),
    ("tickets_ticketevent_actor_id_2a65fff2", "tickets_ticketevent", "actor_id"),
    ("tickets_ticketevent_ticket_id_b572d14b", "tickets_ticketevent", "ticket_id"),
    ("tickets_message_ticket_id_a1134910", "tickets_message", "ticket_id"),
    ("tickets_attachment_ticket_id_00f5c87f", "tickets_attachment", "ticket_id"),
    ("tickets_searchdocument_ticket_id_a15edacc", "tickets_searchdocument", "ticket_id"),
    ("tickets_assignment_assigned_by_id_3410606b", "tickets_assignment", "assigned_by_id"),
    ("tickets_assignment_owner_id_749fc9f5", "tickets_assignment", "owner_id"),
]


class Migration(migrations.Migration):
    """Foreign keys that another index begins with need none of their own; those that are mostly empty are kept in small ones."""

    dependencies = [
        ("knowledge", "0003_studies"),
        ("tickets", "0020_readers_in_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="assignment",
                    name="assigned_by",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="assignment",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="attachment",
                    name="ticket",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="customer",
                    name="region",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="accounts.region",
                        verbose_name="region",
                    ),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="searchdocument",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_documents",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticket",
                    name="customer",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="tickets.customer",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticket",
                    name="merged_into",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticket",
                    name="parent",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticket",
                    name="problem",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="knowledge.problem",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticket",
                    name="region",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="accounts.region",
                        verbose_name="region",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticketevent",
                    name="actor",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="ticketevent",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
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
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("assigned_by", None), _negated=True), fields=["assigned_by"], name="assignment_by"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("region", None), _negated=True), fields=["region"], name="customer_region"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["region"], name="ticket_region", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("merged_into", None), _negated=True), fields=["merged_into"], name="ticket_merged"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("parent", None), _negated=True), fields=["parent"], name="ticket_parent"
            ),
        ),
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(
                condition=models.Q(("actor", None), _negated=True), fields=["actor"], name="event_of_actor"
            ),
        ),
    ]
