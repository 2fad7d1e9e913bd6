import common.signatures
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("feedback", "0001_initial"),
        ("feedback", "0003_mailboxes_and_raw_mail"),
        ("feedback", "0004_boxes_and_letters"),
        ("feedback", "0005_hotline"),
        ("feedback", "0006_chats"),
        ("feedback", "0007_problem_suggestions"),
        ("feedback", "0008_model_versions"),
        ("feedback", "0009_sources"),
        ("feedback", "0010_imports"),
        ("feedback", "0011_wechat"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("knowledge", "0001_tables"),
        ("tickets", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeywordRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50), size=None, verbose_name="words"
                    ),
                ),
                ("match_all", models.BooleanField(default=False, verbose_name="all words must occur")),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("alert", "Alert"),
                            ("tier", "Tier"),
                            ("category", "Category"),
                            ("nature", "Nature"),
                            ("spam", "Spam"),
                            ("review", "Manual review"),
                        ],
                        max_length=10,
                        verbose_name="effect",
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=40, verbose_name="value")),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
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
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100)),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "keyword rule",
                "verbose_name_plural": "keyword rules",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("address", models.EmailField(max_length=254, unique=True, verbose_name="address")),
                ("host", models.CharField(blank=True, max_length=200, verbose_name="IMAP server")),
                ("port", models.PositiveIntegerField(default=993, verbose_name="port")),
                (
                    "security",
                    models.CharField(
                        choices=[
                            ("tls", "TLS from the start"),
                            ("starttls", "STARTTLS"),
                            ("none", "none; only inside one machine"),
                        ],
                        default="tls",
                        max_length=10,
                        verbose_name="security",
                    ),
                ),
                ("username", models.CharField(blank=True, max_length=200, verbose_name="username")),
                ("sealed_password", models.BinaryField(null=True)),
                ("folder", models.CharField(default="INBOX", max_length=200, verbose_name="folder")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("uidvalidity", models.BigIntegerField(editable=False, null=True)),
                ("last_uid", models.BigIntegerField(default=0, editable=False)),
                ("checked_at", models.DateTimeField(editable=False, null=True)),
                ("good_at", models.DateTimeField(editable=False, null=True, verbose_name="last good run")),
                ("error", models.CharField(blank=True, editable=False, max_length=500)),
            ],
            options={
                "verbose_name": "mailbox",
                "verbose_name_plural": "mailboxes",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Script",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[("complaint", "Complaint"), ("suggestion", "Suggestion"), ("inquiry", "Inquiry")],
                        max_length=12,
                        unique=True,
                        verbose_name="nature",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("text_en", models.TextField(blank=True, verbose_name="English text")),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("review", "Shop review"),
                            ("social", "Social media"),
                            ("app", "App"),
                            ("chat", "Chat"),
                            ("phone", "Hotline"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("secret", models.CharField(default=common.signatures.new_secret, editable=False, max_length=200)),
                ("former_secret", models.CharField(blank=True, editable=False, max_length=200)),
                ("former_until", models.DateTimeField(editable=False, null=True)),
                ("mapping", models.JSONField(default=dict, verbose_name="mapping")),
                (
                    "bad_stars",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="bad review up to so many stars",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(editable=False)),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Watermark",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("last", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="WechatAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("app_id", models.CharField(max_length=40, verbose_name="AppID")),
                ("app_secret", models.CharField(blank=True, max_length=100, verbose_name="AppSecret")),
                ("token", models.CharField(max_length=64, verbose_name="Token")),
                (
                    "aes_key",
                    models.CharField(
                        blank=True,
                        max_length=43,
                        validators=[django.core.validators.RegexValidator("^[A-Za-z0-9]{43}$")],
                        verbose_name="EncodingAESKey",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("access_token", models.CharField(blank=True, editable=False, max_length=600)),
                ("access_until", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "WeChat account",
                "verbose_name_plural": "WeChat accounts",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="complaint about the handling")),
                ("opened_at", models.DateTimeField(db_index=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "Justified"),
                            ("partly", "Partly justified"),
                            ("unfounded", "Not justified"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="appeals", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)), fields=("ticket",), name="one_open_appeal"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AppealNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("text", models.TextField(verbose_name="note")),
                (
                    "appeal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="feedback.appeal"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Box",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        max_length=20,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9][A-Za-z0-9-]*\\Z", "Letters, digits and hyphens only."
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                ("place", models.CharField(max_length=200, verbose_name="place")),
                ("every_days", models.PositiveSmallIntegerField(default=7, verbose_name="opened every … days")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "remind_at",
                    models.DateTimeField(help_text="When the next reminder goes out, unless it is opened before."),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="keeper",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(condition=models.Q(("is_active", True)), fields=["remind_at"], name="box_to_remind")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("every_days__gte", 1), ("every_days__lte", 90)),
                        name="box_opened_every_1_to_90_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BoxOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("place", models.CharField(help_text="As it was on that day.", max_length=200, verbose_name="place")),
                ("witness", models.CharField(max_length=100, verbose_name="witness")),
                ("count", models.PositiveSmallIntegerField(verbose_name="slips found")),
                ("recorded_at", models.DateTimeField()),
                ("difference", models.CharField(blank=True, max_length=500, verbose_name="why the number differs")),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "box",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="feedback.box"
                    ),
                ),
                (
                    "finished_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opener",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at", None)), fields=["opened_at"], name="opening_unfinished"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("box", "opened_at"), name="one_opening_at_a_time")],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(blank=True, max_length=200)),
                (
                    "direction",
                    models.CharField(choices=[("in", "Incoming"), ("out", "Outgoing")], default="in", max_length=3),
                ),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ringing", "Ringing"),
                            ("talking", "Talking"),
                            ("ended", "Ended"),
                            ("missed", "Missed"),
                        ],
                        default="ringing",
                        max_length=8,
                    ),
                ),
                ("rang_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "recording_url",
                    models.URLField(
                        blank=True, max_length=500, validators=[django.core.validators.URLValidator(["https", "http"])]
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(default=0, help_text="How often somebody tried to call back."),
                ),
                ("tried_at", models.DateTimeField(null=True)),
                ("called_back_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "called_back_by",
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
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="calls",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-rang_at", "-pk"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "ringing")), fields=["rang_at"], name="call_ringing"),
                    models.Index(
                        condition=models.Q(("called_back_at", None), ("state", "missed")),
                        fields=["rang_at"],
                        name="call_to_return",
                    ),
                    models.Index(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=["number", "-rang_at"],
                        name="call_of_number",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ref", ""), _negated=True), fields=("ref",), name="one_call_per_reference"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CallEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("body", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="feedback.call",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Chat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(max_length=10)),
                ("channel", models.CharField(default="chat", max_length=10)),
                ("started_at", models.DateTimeField()),
                ("last_at", models.DateTimeField(db_index=True)),
                ("handed_over_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, help_text="asked, unknown, no_help, danger", max_length=10)),
                (
                    "ticket",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="chat", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ChatLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "who",
                    models.CharField(
                        choices=[("customer", "Customer"), ("machine", "Answering machine")], max_length=8
                    ),
                ),
                ("text", models.TextField()),
                ("confidence", models.FloatField(null=True)),
                ("helped", models.BooleanField(null=True)),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="knowledge.article",
                    ),
                ),
                (
                    "chat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="feedback.chat"
                    ),
                ),
            ],
            options={
                "ordering": ["chat", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=20)),
                ("proposed", models.CharField(blank=True, max_length=40)),
                ("corrected", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("values", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField(db_index=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("by", "name"), name="one_draft_per_form")],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("source", models.CharField(max_length=60)),
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
                    ),
                ),
                ("columns", models.JSONField()),
                ("mapping", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("read", "Columns to be named"),
                            ("checked", "Checked"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("undone", "Taken back"),
                        ],
                        default="read",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("cells", models.JSONField(default=list)),
                ("reference", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Not checked"),
                            ("ready", "Ready"),
                            ("duplicate", "Duplicate"),
                            ("bad", "To be mended"),
                            ("done", "Taken in"),
                            ("undone", "Taken back"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="feedback.importbatch"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["line"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "ready")), fields=["batch", "line"], name="import_row_ready"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("batch", "line"), name="one_import_row_per_line")],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="extension")),
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="line", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="ModelVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30)),
                ("version", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("examples", models.PositiveIntegerField()),
                (
                    "before",
                    models.FloatField(help_text="Macro-F1 of the model then in use, on the same unseen examples."),
                ),
                ("after", models.FloatField(help_text="Macro-F1 of this one, on examples that it had not seen.")),
                ("agreed_before", models.FloatField(default=0)),
                ("agreed_after", models.FloatField(default=0)),
                ("weights", models.BinaryField()),
                ("in_use", models.BooleanField(default=False, verbose_name="in use")),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        help_text="Empty: by the comparison.",
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
                    models.UniqueConstraint(fields=("name", "version"), name="one_model_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("in_use", True)), fields=("name",), name="one_model_in_use"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("postmarked_on", models.DateField(null=True, verbose_name="postmark")),
                ("registered_number", models.CharField(blank=True, max_length=40, verbose_name="registered number")),
                ("sender_address", models.CharField(blank=True, max_length=300, verbose_name="sender's address")),
                ("digest", models.CharField(max_length=64)),
                ("copy", models.PositiveSmallIntegerField(default=0)),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "opening",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slips",
                        to="feedback.boxopening",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="paper", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["entered_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("opening", "digest", "copy"), name="one_paper_entered_once", nulls_distinct=False
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("registered_number", ""), _negated=True),
                        fields=("registered_number",),
                        name="one_registered_letter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RawMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    ),
                ),
                ("source", models.CharField(blank=True, help_text="Mailbox, site or import.", max_length=100)),
                ("uid", models.CharField(blank=True, help_text="The source's own reference.", max_length=200)),
                ("raw", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("done", "Done"),
                            ("ignored", "Ignored"),
                            ("failed", "Failed"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=500)),
                (
                    "outcome",
                    models.CharField(blank=True, help_text="ticket, reply, note, ignored or failed.", max_length=10),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why it was not simply taken, as a code.", max_length=40),
                ),
                ("sender", models.CharField(blank=True, max_length=254)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("message_id", models.CharField(blank=True, max_length=500)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="raw_messages",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-received_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=["received_at"],
                        name="raw_message_open",
                    ),
                    models.Index(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=["message_id"],
                        name="raw_message_id",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("channel", "email"), models.Q(("source", ""), _negated=True)),
                        fields=("source", "sha256"),
                        name="one_raw_mail_per_content",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("uid", ""), _negated=True),
                        fields=("channel", "source", "uid"),
                        name="one_raw_message_per_reference",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "percent",
                    models.PositiveSmallIntegerField(help_text="How alike it is to the others, on the average."),
                ),
                ("at", models.DateTimeField()),
                ("declined", models.BooleanField(default=False)),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="suggestions", to="knowledge.problem"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problem_suggestions",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-percent", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("declined", False)), fields=("ticket",), name="one_suggestion_a_ticket"
                    ),
                    models.UniqueConstraint(fields=("ticket", "problem"), name="suggested_once_for_a_problem"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WechatContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("openid", models.CharField(max_length=100)),
                ("heard_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="feedback.wechataccount",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="tickets.customer"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "openid"), name="one_wechat_contact")],
            },
        ),
        migrations.CreateModel(
            name="WechatMedia",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("media_id", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="media", to="feedback.wechatcontact"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WechatMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100, unique=True)),
                ("text", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("late", "Too late for WeChat"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="feedback.wechatcontact",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["not_before", "id"], name="wechat_waiting"
                    )
                ],
            },
        ),
    ]
