import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from common.appendonly import append_only, never_emptied


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0050_drafts_of_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("at", models.DateTimeField()),
                (
                    "readers",
                    models.CharField(
                        choices=[("nobody", "Draft"), ("house", "Colleagues only"), ("public", "Public")], max_length=10
                    ),
                ),
                ("question", models.CharField(max_length=200)),
                ("question_en", models.CharField(blank=True, max_length=200)),
                ("answer", models.TextField()),
                ("answer_en", models.TextField(blank=True)),
                ("words", models.CharField(blank=True, max_length=300)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="knowledge.article"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Empty: before versions were kept.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [models.UniqueConstraint(fields=("article", "number"), name="one_version_a_number")],
            },
        ),
        append_only("knowledge_articleversion"),
        never_emptied("knowledge_articleversion"),
    ]
