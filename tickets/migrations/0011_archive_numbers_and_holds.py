import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0010_small_pictures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArchiveClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                (
                    "code",
                    models.SlugField(
                        help_text="Stands in the archive number; it stays.",
                        max_length=10,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[("complaint", "Complaint"), ("suggestion", "Suggestion"), ("inquiry", "Inquiry")],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[("L1", "L1 major"), ("L2", "L2 complaint"), ("L3", "L3 suggestion")],
                        max_length=2,
                        verbose_name="tier",
                    ),
                ),
                ("bad_reviews", models.BooleanField(default=False, verbose_name="bad reviews only")),
                (
                    "years",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="From the day of archiving. Empty: for ever.",
                        null=True,
                        verbose_name="years kept",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
            ],
            options={
                "verbose_name": "archive class",
                "verbose_name_plural": "archive classes",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="ArchiveRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="archive number")),
                ("archived_at", models.DateTimeField(verbose_name="archived at")),
                ("keep_until", models.DateField(null=True, verbose_name="kept until")),
                ("erased_at", models.DateTimeField(null=True, verbose_name="erased at")),
                (
                    "archive_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.archiveclass",
                        verbose_name="archive class",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="archive", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["-archived_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("set_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_reason", models.CharField(blank=True, max_length=500)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["set_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ArchiveCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "archive_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.archiveclass"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("year", "archive_class"), name="one_archive_counter")],
            },
        ),
        migrations.AddIndex(
            model_name="archiverecord",
            index=models.Index(
                models.OrderBy(models.F("archived_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="archive_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="archiverecord",
            index=models.Index(
                condition=models.Q(("erased_at", None), models.Q(("keep_until", None), _negated=True)),
                fields=["keep_until"],
                name="archive_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)), fields=("ticket",), name="one_open_hold"
            ),
        ),
    ]
