import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import tickets.answers.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("tickets", "0001_initial"),
        ("tickets", "0004_figure_indexes"),
        ("tickets", "0005_parts_and_transfers"),
        ("tickets", "0006_handling_and_reviews"),
        ("tickets", "0007_links"),
        ("tickets", "0008_indexes_of_open_cases"),
        ("tickets", "0009_routing"),
        ("tickets", "0010_small_pictures"),
        ("tickets", "0011_archive_numbers_and_holds"),
        ("tickets", "0014_day_of_receipt_in_search"),
        ("tickets", "0015_special_groups_and_improvements"),
        ("tickets", "0016_drafts_for_common_problems"),
        ("tickets", "0017_single_characters_in_search"),
        ("tickets", "0018_who_gets_it"),
        ("tickets", "0019_canned_replies"),
        ("tickets", "0021_one_index_a_way_of_looking"),
        ("tickets", "0022_few_among_a_million"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("knowledge", "0001_tables"),
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
            name="CannedReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                (
                    "text",
                    models.TextField(
                        help_text="{name} {number} {subject} {company} {handler}",
                        validators=[tickets.answers.models.known_variables],
                        verbose_name="text",
                    ),
                ),
                (
                    "text_en",
                    models.TextField(
                        blank=True, validators=[tickets.answers.models.known_variables], verbose_name="text in English"
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[("complaint", "Complaint"), ("suggestion", "Suggestion"), ("inquiry", "Inquiry")],
                        help_text="Empty: for all.",
                        max_length=12,
                        verbose_name="for the nature",
                    ),
                ),
                ("resolves", models.BooleanField(default=False, verbose_name="answers at once")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "canned reply",
                "verbose_name_plural": "canned replies",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Cause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("position", models.PositiveSmallIntegerField(default=100)),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "cause",
                "verbose_name_plural": "causes",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="DayCounter",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
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
            ],
            options={
                "ordering": ["-archived_at", "-pk"],
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("archived_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="archive_newest",
                    ),
                    models.Index(
                        condition=models.Q(("erased_at", None), models.Q(("keep_until", None), _negated=True)),
                        fields=["keep_until"],
                        name="archive_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("position", models.PositiveSmallIntegerField(default=100)),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="responsible department",
                    ),
                ),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("external_id", models.CharField(blank=True, help_text="Of the company's own system.", max_length=100)),
                ("customer_class", models.CharField(blank=True, max_length=40, verbose_name="customer class")),
                ("language", models.CharField(default="zh-hans", max_length=10, verbose_name="language")),
                ("consent_at", models.DateTimeField(blank=True, null=True)),
                ("consent_version", models.CharField(blank=True, max_length=20)),
                ("created_at", models.DateTimeField()),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="accounts.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="customer_phone"
                    ),
                    models.Index(
                        condition=models.Q(("email", ""), _negated=True), fields=["email"], name="customer_email"
                    ),
                    models.Index(
                        condition=models.Q(("region", None), _negated=True), fields=["region"], name="customer_region"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("external_id",),
                        name="one_external_customer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasureList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being put together"),
                            ("proposed", "To be decided"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("done", "Erased"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("proposed_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, max_length=500)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("state",), name="one_draft_of_erasures"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasureItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept", models.CharField(blank=True, max_length=500, verbose_name="kept because")),
                (
                    "kept_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure_items",
                        to="tickets.archiverecord",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="tickets.erasurelist"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("list", "record"), name="one_erasure_item")],
            },
        ),
        migrations.CreateModel(
            name="ErasureProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("erased", models.JSONField(help_text="How many rows of each kind lost their content.")),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="tickets.erasurelist"
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proof", to="tickets.archiverecord"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReviewRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
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
                (
                    "gates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("head", "Department head"),
                                ("office", "Feedback office"),
                                ("leadership", "Leadership"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="gates",
                    ),
                ),
                ("call_back", models.BooleanField(default=False, verbose_name="the office calls the customer back")),
            ],
            options={
                "verbose_name": "review rule",
                "verbose_name_plural": "review rules",
                "ordering": ["nature", "tier"],
                "constraints": [models.UniqueConstraint(fields=("nature", "tier"), name="one_review_rule")],
            },
        ),
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
                    models.CharField(
                        choices=[
                            ("department", "The department decides"),
                            ("on_duty", "Who is on duty"),
                            ("least_loaded", "Who has the fewest open cases"),
                            ("round_robin", "In turn, by shares"),
                            ("same_owner", "The same person as last time"),
                        ],
                        default="department",
                        max_length=20,
                        verbose_name="who gets it",
                    ),
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
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(editable=False, max_length=30, null=True, unique=True, verbose_name="number"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "To be assigned"),
                            ("assigned", "To be accepted"),
                            ("in_progress", "In progress"),
                            ("waiting", "Waiting for the customer"),
                            ("in_review", "In review"),
                            ("resolved", "Resolved"),
                            ("closed", "Archived"),
                            ("void", "Void"),
                        ],
                        default="new",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "owner"), (1, "department head"), (2, "feedback office"), (3, "leadership")],
                        default=0,
                        verbose_name="level",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web form"),
                            ("app", "App"),
                            ("email", "E-mail"),
                            ("phone", "Hotline"),
                            ("wechat", "WeChat"),
                            ("social", "Social media"),
                            ("review", "Shop review"),
                            ("chat", "Chat"),
                            ("letter", "Letter"),
                            ("box", "Suggestion box"),
                            ("paper", "Questionnaire"),
                            ("counter", "Counter"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("content", models.TextField(verbose_name="content")),
                ("anonymous", models.BooleanField(default=False, verbose_name="anonymous")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("occurred_at", models.DateTimeField(blank=True, null=True, verbose_name="happened at")),
                ("remedy_sought", models.CharField(blank=True, max_length=500, verbose_name="remedy sought")),
                ("stars", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="stars given with it")),
                ("region_text", models.CharField(blank=True, max_length=100)),
                ("source", models.CharField(blank=True, max_length=100)),
                ("external_id", models.CharField(blank=True, max_length=200)),
                ("source_url", models.CharField(blank=True, max_length=500)),
                ("language", models.CharField(default="zh-hans", max_length=10, verbose_name="language")),
                (
                    "nature",
                    models.CharField(
                        choices=[("complaint", "Complaint"), ("suggestion", "Suggestion"), ("inquiry", "Inquiry")],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[("L1", "L1 major"), ("L2", "L2 complaint"), ("L3", "L3 suggestion")],
                        max_length=2,
                        verbose_name="tier",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("individual", "Individual"), ("common", "Common")],
                        default="individual",
                        max_length=10,
                        verbose_name="scope",
                    ),
                ),
                ("is_bad_review", models.BooleanField(default=False, verbose_name="bad review")),
                ("verdict", models.JSONField(blank=True, default=dict, verbose_name="classifier's verdict")),
                ("needs_review", models.BooleanField(default=False, verbose_name="needs manual review")),
                (
                    "departments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, editable=False, size=None
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="claimed time")),
                ("registered_at", models.DateTimeField(verbose_name="registered at")),
                ("first_response_at", models.DateTimeField(blank=True, null=True, verbose_name="first response at")),
                ("first_resolved_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="archived at")),
                ("next_due_at", models.DateTimeField(blank=True, null=True, verbose_name="next due")),
                ("soon_at", models.DateTimeField(blank=True, null=True)),
                ("expected_by", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                (
                    "rating",
                    models.CharField(
                        blank=True,
                        choices=[("satisfied", "Satisfied"), ("neutral", "Neutral"), ("dissatisfied", "Dissatisfied")],
                        max_length=12,
                        verbose_name="rating",
                    ),
                ),
                (
                    "void_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("duplicate", "Duplicate"),
                            ("spam", "Spam"),
                            ("withdrawn", "Withdrawn by the customer"),
                            ("out_of_scope", "Not for this company"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("tracking_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="tickets.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="tickets.customer",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="lead department",
                    ),
                ),
                (
                    "first_contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="first contact",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="tickets.ticket",
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="knowledge.problem",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="accounts.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket",
                "verbose_name_plural": "tickets",
                "ordering": ["-received_at", "-pk"],
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("next_due_at")),
                        models.OrderBy(models.F("id")),
                        condition=models.Q(("status__in", ["assigned", "in_progress", "in_review", "new", "waiting"])),
                        name="ticket_due",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["assigned", "in_progress", "in_review", "new", "waiting"])),
                        fields=["department", "next_due_at"],
                        name="ticket_open_department",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["assigned", "in_progress", "in_review", "new", "waiting"])),
                        fields=["owner", "next_due_at"],
                        name="ticket_open_owner",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["assigned", "in_progress", "in_review", "new", "waiting"])),
                        fields=["first_contact", "next_due_at"],
                        name="ticket_open_first_contact",
                    ),
                    models.Index(fields=["customer", "-received_at"], name="ticket_customer"),
                    models.Index(
                        fields=["received_at", "id"],
                        include=(
                            "status",
                            "merged_into",
                            "nature",
                            "is_bad_review",
                            "channel",
                            "category",
                            "region",
                            "department",
                            "tier",
                            "owner",
                            "first_contact",
                            "customer",
                            "problem",
                        ),
                        name="ticket_received",
                    ),
                    models.Index(
                        fields=["id"],
                        include=(
                            "status",
                            "merged_into",
                            "nature",
                            "is_bad_review",
                            "channel",
                            "category",
                            "region",
                            "department",
                            "tier",
                            "owner",
                            "first_contact",
                            "customer",
                            "problem",
                        ),
                        name="ticket_counted",
                    ),
                    models.Index(
                        fields=["first_resolved_at"],
                        include=(
                            "received_at",
                            "resolved_at",
                            "status",
                            "merged_into",
                            "nature",
                            "is_bad_review",
                            "channel",
                            "category",
                            "region",
                            "department",
                            "tier",
                            "owner",
                            "first_contact",
                            "customer",
                            "problem",
                        ),
                        name="ticket_first_resolved",
                    ),
                    models.Index(
                        condition=models.Q(("first_response_at", None), _negated=True),
                        fields=["first_response_at"],
                        include=(
                            "received_at",
                            "status",
                            "merged_into",
                            "nature",
                            "is_bad_review",
                            "channel",
                            "category",
                            "region",
                            "department",
                            "tier",
                            "owner",
                            "first_contact",
                            "customer",
                            "problem",
                        ),
                        name="ticket_first_response",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("merged_into", None), ("nature", "complaint"), models.Q(("status", "void"), _negated=True)
                        ),
                        fields=["customer", "category", "first_resolved_at"],
                        name="ticket_complained",
                    ),
                    models.Index(fields=["resolved_at", "first_resolved_at"], name="ticket_resolved"),
                    models.Index(
                        condition=models.Q(("resolved_at", None)), fields=["received_at"], name="ticket_unresolved"
                    ),
                    models.Index(
                        condition=models.Q(("first_response_at", None)),
                        fields=["received_at"],
                        name="ticket_unanswered",
                    ),
                    models.Index(
                        condition=models.Q(("problem", None), _negated=True),
                        fields=["problem", "received_at"],
                        name="ticket_problem",
                    ),
                    models.Index(condition=models.Q(("needs_review", True)), fields=["id"], name="ticket_review"),
                    models.Index(fields=["region"], name="ticket_region", opclasses=["varchar_pattern_ops"]),
                    models.Index(
                        condition=models.Q(("merged_into", None), _negated=True),
                        fields=["merged_into"],
                        name="ticket_merged",
                    ),
                    models.Index(
                        condition=models.Q(("parent", None), _negated=True), fields=["parent"], name="ticket_parent"
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["departments"], name="ticket_departments"),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("status__in", ["assigned", "in_progress", "in_review", "new", "waiting"])),
                        fields=["departments"],
                        name="ticket_open_departments",
                    ),
                    models.Index(
                        condition=models.Q(("round__gt", 1)), fields=["round", "received_at"], name="ticket_rounds"
                    ),
                    models.Index(
                        condition=models.Q(("rating__in", ["dissatisfied", "neutral"])),
                        fields=["rating", "received_at"],
                        name="ticket_rated_low",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("source", "external_id"),
                        name="one_ticket_per_source_reference",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("tracking_digest", ""), _negated=True),
                        fields=("tracking_digest",),
                        name="one_ticket_per_tracking_code",
                    ),
                    models.CheckConstraint(condition=models.Q(("round__gte", 1)), name="rounds_start_at_one"),
                    models.CheckConstraint(
                        condition=models.Q(("anonymous", False), ("customer", None), _connector="OR"),
                        name="anonymous_feedback_has_no_customer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report_every",
                    models.PositiveSmallIntegerField(default=24, verbose_name="hours between reports to leadership"),
                ),
                ("formed_at", models.DateTimeField()),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("conclusion", models.TextField(blank=True, verbose_name="conclusion")),
                ("lessons", models.TextField(blank=True, verbose_name="lessons")),
                ("concluded_at", models.DateTimeField(null=True)),
                (
                    "concluded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("members", models.ManyToManyField(related_name="special_groups", to=settings.AUTH_USER_MODEL)),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="group", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["-formed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "visibility",
                    models.CharField(choices=[("public", "Public"), ("internal", "Internal")], max_length=8),
                ),
                ("body", models.TextField()),
                ("tsv", django.contrib.postgres.search.SearchVectorField()),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_documents",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["tsv"], name="search_tsv")],
                "constraints": [models.UniqueConstraint(fields=("ticket", "visibility"), name="one_search_document")],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("report", models.PositiveSmallIntegerField(help_text="The how-manieth report of the round.")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "gate",
                    models.CharField(
                        choices=[
                            ("head", "Department head"),
                            ("office", "Feedback office"),
                            ("leadership", "Leadership"),
                        ],
                        max_length=12,
                    ),
                ),
                ("call_back", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("approved", "Approved"), ("rejected", "Rejected"), ("lapsed", "Lapsed")],
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("text", models.TextField(blank=True)),
                ("called", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["ticket", "round", "report", "position"],
                "indexes": [
                    models.Index(condition=models.Q(("decision", "")), fields=["gate", "opened_at"], name="review_open")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "round", "report", "gate"), name="one_review_a_gate")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("in", "From the customer"),
                            ("out", "To the customer"),
                            ("internal", "Internal note"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("web", "Web form"),
                            ("app", "App"),
                            ("email", "E-mail"),
                            ("phone", "Hotline"),
                            ("wechat", "WeChat"),
                            ("social", "Social media"),
                            ("review", "Shop review"),
                            ("chat", "Chat"),
                            ("letter", "Letter"),
                            ("box", "Suggestion box"),
                            ("paper", "Questionnaire"),
                            ("counter", "Counter"),
                            ("sms", "SMS"),
                        ],
                        help_text="web, email, phone, letter …",
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                (
                    "author",
                    models.ForeignKey(
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["ticket", "at", "id"], name="message_of_ticket")],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="linked_from", to="tickets.ticket"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "other"), name="one_link_a_pair"),
                    models.CheckConstraint(
                        condition=models.Q(("ticket__lt", models.F("other"))), name="links_are_stored_once"
                    ),
                ],
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)), fields=("ticket",), name="one_open_hold"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Improvement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="what will be improved")),
                ("due_on", models.DateField(verbose_name="to be done by")),
                ("opened_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Under way"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("result", models.TextField(blank=True, verbose_name="what came of it")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="improvements", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["due_on", "id"], name="improvement_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("ticket",), name="one_open_improvement"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Handling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("facts", models.TextField(blank=True, verbose_name="facts")),
                ("true_need", models.TextField(blank=True, verbose_name="what the customer really needs")),
                ("investigated_at", models.DateTimeField(null=True)),
                ("measures", models.TextField(blank=True, verbose_name="measures")),
                ("goal", models.TextField(blank=True, verbose_name="expected goal")),
                ("limit", models.DateTimeField(blank=True, null=True, verbose_name="to be done by")),
                (
                    "remedy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exchange", "Return or exchange"),
                            ("repair", "Repair"),
                            ("compensation", "Compensation"),
                            ("service", "Better service"),
                            ("apology", "Apology"),
                        ],
                        max_length=20,
                        verbose_name="remedy",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="amount"),
                ),
                ("planned_at", models.DateTimeField(null=True)),
                ("agreed", models.BooleanField(null=True, verbose_name="the customer agreed")),
                ("agreement", models.TextField(blank=True, verbose_name="what was agreed")),
                ("agreed_at", models.DateTimeField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("adopt", "Adopt"), ("later", "Adopt later"), ("decline", "Decline")],
                        max_length=10,
                        verbose_name="assessment",
                    ),
                ),
                ("verdict_reason", models.TextField(blank=True, verbose_name="reason")),
                ("assessed_at", models.DateTimeField(null=True)),
                ("result", models.TextField(blank=True, verbose_name="result")),
                ("reported_at", models.DateTimeField(null=True)),
                ("reports", models.PositiveSmallIntegerField(default=0)),
                ("rejections", models.PositiveSmallIntegerField(default=0)),
                (
                    "assessed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="tickets.cause",
                        verbose_name="cause",
                    ),
                ),
                (
                    "investigated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="handlings", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["ticket", "round"],
                "indexes": [models.Index(fields=["cause", "investigated_at"], name="handling_cause")],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "round"), name="one_sheet_a_round"),
                    models.CheckConstraint(
                        condition=models.Q(("amount", None), ("amount__gte", 0), _connector="OR"),
                        name="remedies_are_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="text")),
                ("made_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "To be confirmed"), ("sent", "Sent"), ("dropped", "Dropped")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="knowledge.problem"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")), fields=("ticket", "problem"), name="one_draft_a_case"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("internal", models.BooleanField(default=False)),
                ("file", models.FileField(max_length=200, upload_to="attachments/%Y/%m/")),
                ("thumb", models.FileField(blank=True, max_length=200, upload_to="attachments/%Y/%m/")),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="tickets.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["uploaded_at", "pk"],
                "indexes": [models.Index(fields=["ticket", "id"], name="attachment_of_ticket")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(choices=[("lead", "Lead"), ("co", "Co-department")], default="lead", max_length=4),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("assigned_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("task", models.TextField(blank=True, verbose_name="task")),
                ("limit", models.DateTimeField(blank=True, null=True, verbose_name="limit")),
                ("result", models.TextField(blank=True, verbose_name="result")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=20)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="accounts.department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["assigned_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("owner", None), _negated=True),
                        fields=["owner", "assigned_at"],
                        name="assignment_of_owner",
                    ),
                    models.Index(
                        condition=models.Q(("assigned_by", None), _negated=True),
                        fields=["assigned_by"],
                        name="assignment_by",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("role", "lead")),
                        fields=("ticket",),
                        name="one_lead_department",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("ticket", "department"),
                        name="one_part_per_department",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="archiverecord",
            name="ticket",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="archive", to="tickets.ticket"
            ),
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=30)),
                ("by_customer", models.BooleanField(default=False)),
                ("round", models.PositiveSmallIntegerField()),
                ("version", models.PositiveIntegerField(help_text="The ticket's version after this event.")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "To be assigned"),
                            ("assigned", "To be accepted"),
                            ("in_progress", "In progress"),
                            ("waiting", "Waiting for the customer"),
                            ("in_review", "In review"),
                            ("resolved", "Resolved"),
                            ("closed", "Archived"),
                            ("void", "Void"),
                        ],
                        help_text="The ticket's status after this event.",
                        max_length=12,
                    ),
                ),
                ("data", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
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
                        related_name="events",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(fields=["ticket", "at", "id"], name="event_of_ticket"),
                    models.Index(fields=["kind", "at"], name="event_kind"),
                    models.Index(
                        condition=models.Q(("actor", None), _negated=True), fields=["actor"], name="event_of_actor"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="event",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="message", to="tickets.ticketevent"
            ),
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("offered_at", models.DateTimeField()),
                ("accepted", models.BooleanField(help_text="Empty while nobody has decided.", null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.department"
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="transfers", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["offered_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None)), fields=("ticket",), name="one_transfer_at_a_time"
                    )
                ],
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
            options={
                "ordering": ["since", "pk"],
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
    ]
