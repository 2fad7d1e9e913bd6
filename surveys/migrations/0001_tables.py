import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("surveys", "0001_initial"),
        ("surveys", "0002_sent_invitations"),
        ("surveys", "0003_questionnaires"),
        ("surveys", "0004_one_index_a_way_of_looking"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("tickets", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                (
                    "code",
                    models.CharField(
                        max_length=12,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Z][A-Z0-9]*\\Z", "Capital letters and digits, a letter first."
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField()),
                ("last_serial", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.SlugField(max_length=20, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[("rating", "Rating 1 to 5"), ("choice", "Choice"), ("text", "In own words")],
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                (
                    "options",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="options",
                    ),
                ),
                (
                    "options_en",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="options in English",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="surveys.questionnaire",
                    ),
                ),
            ],
            options={
                "ordering": ["questionnaire", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("questionnaire", "code"), name="one_question_per_code"),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "choice"), ("options", []), _connector="OR"),
                        name="only_choices_have_options",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=24, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("printed", "Handed out"),
                            ("once", "Entered once"),
                            ("differs", "Entries differ"),
                            ("settled", "Settled"),
                        ],
                        default="printed",
                        max_length=8,
                    ),
                ),
                ("printed_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        help_text="Who decided a difference.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "printed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="surveys.questionnaire"
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sheet",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["questionnaire", "serial"],
                "indexes": [models.Index(fields=["questionnaire", "state"], name="sheet_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("questionnaire", "serial"), name="one_sheet_per_serial")
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.PositiveSmallIntegerField(null=True)),
                ("text", models.TextField(blank=True)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="surveys.question"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="surveys.sheet"
                    ),
                ),
            ],
            options={
                "ordering": ["sheet", "question"],
                "indexes": [models.Index(fields=["question", "value"], name="sheet_answer_counted")],
                "constraints": [models.UniqueConstraint(fields=("sheet", "question"), name="one_answer_per_question")],
            },
        ),
        migrations.CreateModel(
            name="SheetEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("answers", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="surveys.sheet"
                    ),
                ),
            ],
            options={
                "ordering": ["sheet", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("sheet", "number"), name="one_entry_per_number"),
                    models.UniqueConstraint(fields=("sheet", "by"), name="two_entries_by_two_people"),
                    models.CheckConstraint(condition=models.Q(("number__in", [1, 2])), name="entered_twice_at_most"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "mode",
                    models.CharField(
                        choices=[("link", "Link"), ("call", "Call-back"), ("page", "Tracking page")], max_length=5
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("sent", "Sent"),
                            ("answered", "Answered"),
                            ("not_reached", "Not reached"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                ("send_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "rating",
                    models.CharField(
                        blank=True,
                        choices=[("satisfied", "Satisfied"), ("neutral", "Neutral"), ("dissatisfied", "Dissatisfied")],
                        max_length=12,
                    ),
                ),
                ("stars", models.PositiveSmallIntegerField(null=True)),
                ("comment", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        help_text="Who called back.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-planned_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["planned", "sent"])),
                        fields=["send_at"],
                        name="follow_up_open",
                    ),
                    models.Index(
                        condition=models.Q(("answered_at", None), _negated=True),
                        fields=["answered_at"],
                        name="follow_up_answered",
                    ),
                    models.Index(
                        condition=models.Q(("sent_at", None), _negated=True), fields=["sent_at"], name="follow_up_sent"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("ticket", "round"), name="one_follow_up_per_round")],
            },
        ),
    ]
