import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

STRATEGIES = [
    ("department", "The department decides"),
    ("on_duty", "Who is on duty"),
    ("least_loaded", "Who has the fewest open cases"),
    ("round_robin", "In turn, by shares"),
    ("same_owner", "The same person as last time"),
]


class Migration(migrations.Migration):
    """Where new cases go, and which of them wait for a person."""

    dependencies = [("tickets", "0008_indexes_of_open_cases"), ("accounts", "0007_capacity")]

    operations = [
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                (
                    "code",
                    models.SlugField(
                        help_text="History names the rule by this code.",
                        max_length=40,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
                ("match", models.JSONField(blank=True, default=dict)),
                (
                    "strategy",
                    models.CharField(choices=STRATEGIES, default="department", max_length=20, verbose_name="person"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "routing rule",
                "verbose_name_plural": "routing rules",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="Undealt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.routingrule"
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="undealt", to="tickets.ticket"
                    ),
                ),
            ],
            options={"ordering": ["since", "pk"]},
        ),
        migrations.AddIndex(
            "assignment",
            models.Index(fields=["owner", "assigned_at"], condition=~Q(owner=None), name="assignment_of_owner"),
        ),
    ]
