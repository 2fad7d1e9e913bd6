import common.signatures
import django.contrib.postgres.fields
import django.db.models.deletion
import notices.models_sms
import notices.models_webhooks
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("notices", "0001_initial"),
        ("notices", "0002_delivery_reports"),
        ("notices", "0003_webhooks"),
        ("notices", "0004_sms_templates"),
        ("notices", "0005_one_index_a_way_of_looking"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="SmsTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.SlugField(help_text="replied, question …", unique=True, verbose_name="occasion")),
                (
                    "text",
                    models.CharField(
                        help_text="{company} {number} {subject} {text} {url}",
                        max_length=500,
                        validators=[notices.models_sms.known_variables],
                        verbose_name="text",
                    ),
                ),
                (
                    "text_en",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[notices.models_sms.known_variables],
                        verbose_name="text in English",
                    ),
                ),
                (
                    "approval_number",
                    models.CharField(
                        blank=True,
                        help_text="Empty: not approved yet.",
                        max_length=60,
                        verbose_name="approval number of the operator",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "SMS template",
                "verbose_name_plural": "SMS templates",
                "ordering": ["kind"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="sms_template_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("url", models.CharField(max_length=500, verbose_name="called address")),
                ("secret", models.CharField(default=common.signatures.new_secret, editable=False, max_length=200)),
                ("former_secret", models.CharField(blank=True, editable=False, max_length=200)),
                ("former_until", models.DateTimeField(editable=False, null=True)),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="events",
                    ),
                ),
                ("own_cases", models.BooleanField(default=False, verbose_name="only the cases that it handed in")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("failures", models.PositiveIntegerField(default=0, editable=False)),
                ("resting_until", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(default=notices.models_webhooks.new_key, max_length=40, unique=True)),
                ("kind", models.CharField(max_length=50)),
                ("topic", models.CharField(blank=True, max_length=40)),
                ("sequence", models.PositiveBigIntegerField(default=0)),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="notices.webhook"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["webhook", "topic", "id"],
                        name="delivery_waiting",
                    ),
                    models.Index(fields=["webhook", "-created_at", "-id"], name="delivery_log"),
                    models.Index(
                        condition=models.Q(("state", "waiting"), _negated=True),
                        fields=["created_at"],
                        name="delivery_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("milliseconds", models.PositiveIntegerField()),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tries", to="notices.webhookdelivery"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=50)),
                (
                    "channel",
                    models.CharField(
                        choices=[("in_app", "In the app"), ("email", "E-mail"), ("sms", "SMS")], max_length=10
                    ),
                ),
                (
                    "address",
                    models.CharField(blank=True, help_text="Of the customer; empty for a user.", max_length=254),
                ),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("topic", models.CharField(blank=True, help_text="The ticket's number.", max_length=40)),
                ("context", models.JSONField(default=dict)),
                ("urgent", models.BooleanField(default=False, help_text="Not held by quiet hours: L1.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("message_id", models.CharField(blank=True, max_length=200)),
                ("returned_at", models.DateTimeField(help_text="When a delivery report came on it.", null=True)),
                ("returned", models.CharField(blank=True, help_text="What the last report says.", max_length=500)),
                ("error", models.CharField(blank=True, max_length=500)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["not_before", "id"], name="notice_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("channel", "in_app")), fields=["user", "-created_at"], name="notice_of_user"
                    ),
                    models.Index(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=["message_id"],
                        name="notice_message_id",
                    ),
                    models.Index(
                        condition=models.Q(("address", ""), _negated=True),
                        fields=["address", "-created_at"],
                        name="notice_to_address",
                    ),
                    models.Index(fields=["topic"], name="notice_topic"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "channel", "user", "address"), name="one_notice", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
