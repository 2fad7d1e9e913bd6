import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("knowledge", "0001_initial"),
        ("knowledge", "0002_public_answers"),
        ("knowledge", "0003_studies"),
        ("knowledge", "0004_public_improvements"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="PageText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "page",
                    models.CharField(
                        choices=[("promise", "Service promise"), ("improvements", "You said, we did")],
                        max_length=20,
                        unique=True,
                        verbose_name="page",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("text_en", models.TextField(blank=True, verbose_name="text in English")),
            ],
            options={
                "verbose_name": "words of a public page",
                "verbose_name_plural": "words of public pages",
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("open", "Open"),
                            ("solved", "Solved"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "alerted_at",
                    models.DateTimeField(
                        blank=True, help_text="When colleagues were last told that it grows.", null=True
                    ),
                ),
                (
                    "joined_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="joined",
                        to="knowledge.problem",
                    ),
                ),
            ],
            options={
                "verbose_name": "problem",
                "verbose_name_plural": "problems",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=200, verbose_name="question")),
                ("question_en", models.CharField(blank=True, max_length=200, verbose_name="question in English")),
                ("answer", models.TextField(verbose_name="answer")),
                ("answer_en", models.TextField(blank=True, verbose_name="answer in English")),
                (
                    "words",
                    models.CharField(
                        blank=True,
                        help_text="As customers say it, separated by blanks.",
                        max_length=300,
                        verbose_name="other words for it",
                    ),
                ),
                ("is_public", models.BooleanField(default=False, verbose_name="public")),
                ("helped", models.PositiveIntegerField(default=0, editable=False, verbose_name="helped")),
                ("did_not_help", models.PositiveIntegerField(default=0, editable=False, verbose_name="did not help")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="articles",
                        to="knowledge.problem",
                        verbose_name="problem",
                    ),
                ),
            ],
            options={
                "verbose_name": "question and answer",
                "verbose_name_plural": "questions and answers",
                "ordering": ["-helped", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PublicImprovement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said", models.CharField(max_length=300, verbose_name="you said")),
                ("said_en", models.CharField(blank=True, max_length=300, verbose_name="you said, in English")),
                ("did", models.TextField(verbose_name="we did")),
                ("did_en", models.TextField(blank=True, verbose_name="we did, in English")),
                ("done_on", models.DateField(verbose_name="done on")),
                (
                    "case_number",
                    models.CharField(blank=True, db_index=True, max_length=40, verbose_name="case it came from"),
                ),
                ("is_public", models.BooleanField(default=False, verbose_name="public")),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="improvements",
                        to="knowledge.problem",
                        verbose_name="common problem",
                    ),
                ),
            ],
            options={
                "verbose_name": "published improvement",
                "verbose_name_plural": "published improvements",
                "ordering": ["-done_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Study",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[("frequent", "Frequent and hard"), ("decided", "Decided by the office")],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("goal", models.TextField(blank=True, verbose_name="goal")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("findings", models.TextField(blank=True, verbose_name="findings and measures")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        help_text="Empty: by the system.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="studies", to="knowledge.problem"
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)), fields=("problem",), name="one_open_study_a_problem"
                    )
                ],
            },
        ),
    ]
