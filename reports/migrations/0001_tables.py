import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("reports", "0001_initial"),
        ("reports", "0004_rights_that_lapse"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ticket_id", models.BigIntegerField(null=True)),
                (
                    "days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(null=True), null=True, size=None
                    ),
                ),
                ("customer_id", models.BigIntegerField(null=True)),
                ("problem_id", models.BigIntegerField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DayFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("by", models.CharField(max_length=20)),
                ("figures", models.JSONField()),
                ("stale", models.BooleanField(default=False)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("by", "day"), name="one_day_of_figures")],
            },
        ),
        migrations.CreateModel(
            name="DayLengths",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("code", models.CharField(max_length=30)),
                ("working_s", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("code", "day"), name="one_day_of_lengths")],
            },
        ),
        migrations.CreateModel(
            name="KpiTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("value", models.FloatField(null=True)),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
                "ordering": ["-set_at", "-pk"],
                "indexes": [models.Index(fields=["code", "-set_at", "-id"], name="target_of_a_figure")],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("week", "Weekly report"),
                            ("month", "Monthly report"),
                            ("quarter", "Quarterly report"),
                            ("year", "Yearly report"),
                        ],
                        max_length=10,
                    ),
                ),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("approved", "Approved")], default="draft", max_length=10
                    ),
                ),
                ("figures", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("conclusions", models.TextField(blank=True, verbose_name="conclusions and recommendations")),
                ("built_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "built_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["-start", "kind", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "start", "version"), name="one_report_version")
                ],
            },
        ),
    ]
