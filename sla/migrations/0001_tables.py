import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("sla", "0001_initial"),
        ("sla", "0005_undecided_clocks"),
        ("sla", "0006_accountability_supervision_lag"),
        ("sla", "0007_limits_that_were_missing"),
        ("sla", "0008_major_cases_call_the_group"),
        ("sla", "0009_calendars_as_they_were"),
        ("sla", "0010_limit_of_returning"),
        ("sla", "0011_reports_to_leadership"),
        ("sla", "0012_one_index_a_way_of_looking"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("tickets", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("zone", models.CharField(default="Asia/Shanghai", max_length=40, verbose_name="time zone")),
                ("follows_holidays", models.BooleanField(default=True, verbose_name="follows the Chinese holidays")),
                ("known_until", models.DateField(blank=True, null=True, verbose_name="holidays known until")),
                ("late_receipt_counts_next_day", models.BooleanField(default=False)),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, editable=False, help_text="Raised by every change of its hours."
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(editable=False, help_text="When its hours were last changed.", null=True),
                ),
            ],
            options={
                "verbose_name": "calendar",
                "verbose_name_plural": "calendars",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("data", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="LagBucket",
            fields=[
                ("le", models.FloatField(help_text="-1 is beyond the last bound.", primary_key=True, serialize=False)),
                ("count", models.PositiveBigIntegerField(default=0)),
                ("seconds", models.FloatField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="CalendarSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weekday", models.PositiveSmallIntegerField(help_text="0 is Monday.")),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="sla.calendar"
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "opens"],
            },
        ),
        migrations.CreateModel(
            name="CalendarState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField()),
                ("definition", models.JSONField(help_text="zone, weekly, overrides, as calendars are written as JSON")),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="states", to="sla.calendar"
                    ),
                ),
            ],
            options={
                "ordering": ["until", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("first_contact", "Register or hand over"),
                            ("register", "Register"),
                            ("assign", "Assign"),
                            ("accept", "Name the owner"),
                            ("first_response", "First response"),
                            ("next_response", "Next response"),
                            ("progress_update", "Progress update"),
                            ("plan", "First solution"),
                            ("resolution", "Resolution"),
                            ("report", "Report of the result"),
                            ("review_head", "Review by the department head"),
                            ("review_office", "Review by the feedback office"),
                            ("customer_reply", "Reply by the customer"),
                            ("call_back", "Follow-up visit"),
                            ("co_task", "Part of a co-department"),
                            ("return_decision", "Decision to return"),
                            ("promise", "Promised answer"),
                            ("situation", "Report to leadership"),
                        ],
                        max_length=20,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("target", models.JSONField(help_text="policy, amount, unit, calendar, pauses_on, warn_at, ladder")),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("due_version", models.PositiveIntegerField(default=1)),
                ("soon_at", models.DateTimeField(help_text="From here on the due time counts as near.", null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("met", "Met"),
                            ("missed", "Missed"),
                            ("void", "Void"),
                        ],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("stopped_at", models.DateTimeField(null=True)),
                ("breached_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "elapsed_s",
                    models.PositiveIntegerField(help_text="Cached at the end; replay is the truth.", null=True),
                ),
                (
                    "provisional",
                    models.BooleanField(default=False, help_text="Due past the calendar's known holidays."),
                ),
                (
                    "answerable",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The person answerable when it was missed.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="tickets.assignment",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["round", "started_at", "pk"],
                "indexes": [
                    models.Index(fields=["ticket", "round", "metric"], name="clock_of_ticket"),
                    models.Index(
                        fields=["metric", "decided_at"],
                        include=("ticket", "round", "state", "started_at", "answerable"),
                        name="clock_decided",
                    ),
                    models.Index(
                        condition=models.Q(("decided_at", None), ("state__in", ["running", "paused"])),
                        fields=["metric", "started_at"],
                        name="clock_undecided",
                    ),
                    models.Index(
                        condition=models.Q(("round", 1), ("state", "missed")),
                        fields=["ticket", "answerable"],
                        name="clock_first_round_missed",
                    ),
                    models.Index(
                        condition=models.Q(("answerable", None), _negated=True),
                        fields=["answerable"],
                        name="clock_answerable",
                    ),
                    models.Index(
                        condition=models.Q(("assignment", None), _negated=True),
                        fields=["assignment"],
                        name="clock_of_part",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["running", "paused"])),
                        fields=("ticket", "metric", "round", "assignment"),
                        name="one_running_clock",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("breached_at", None), ("breached_at", models.F("due_at")), _connector="OR"),
                        name="breached_at_is_due_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Accountability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ground", models.CharField(max_length=200)),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("criticism", "Criticism"),
                            ("warning", "Warning"),
                            ("fine", "Fine"),
                            ("demotion", "Demotion"),
                            ("dismissal", "Dismissal"),
                        ],
                        max_length=20,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, max_length=500)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("open", "Open"), ("confirmed", "Confirmed"), ("excused", "Excused")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("objection", models.CharField(blank=True, max_length=1000)),
                ("objected_at", models.DateTimeField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "review",
                    models.CharField(blank=True, help_text="What was decided on the objection.", max_length=500),
                ),
                (
                    "decided_by",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="accountability", to="tickets.ticket"
                    ),
                ),
                (
                    "clock",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="accountability", to="sla.clock"
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "indexes": [
                    models.Index(fields=["-opened_at", "-id"], name="accountability_ledger"),
                    models.Index(
                        condition=models.Q(("decided_by", None), _negated=True),
                        fields=["decided_by"],
                        name="accountability_decided",
                    ),
                    models.Index(
                        condition=models.Q(("reviewed_by", None), _negated=True),
                        fields=["reviewed_by"],
                        name="accountability_reviewed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("start", "Started"),
                            ("pause", "Paused"),
                            ("resume", "Resumed"),
                            ("retarget", "New limit"),
                            ("extend", "Extended"),
                            ("stop", "Stopped"),
                            ("breach", "Missed"),
                            ("void", "Void"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("due_before", models.DateTimeField(null=True)),
                ("due_after", models.DateTimeField(null=True)),
                (
                    "data",
                    models.JSONField(
                        default=dict, help_text="The new target of a retarget, the amount of an extension."
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="sla.clock",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(fields=["clock", "at", "id"], name="clock_event_of_clock"),
                    models.Index(condition=models.Q(("by", None), _negated=True), fields=["by"], name="clock_event_by"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DueItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "threshold",
                    models.CharField(help_text="A step of the ladder: 50%, 80%, due, +1wd, +3wd.", max_length=20),
                ),
                ("fire_at", models.DateTimeField()),
                ("fired_at", models.DateTimeField(null=True)),
                ("due_version", models.PositiveIntegerField()),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "clock",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due_items",
                        to="sla.clock",
                    ),
                ),
            ],
            options={
                "ordering": ["fire_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("fired_at", None)), fields=["fire_at", "id"], name="due_item_unfired"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clock", "threshold", "due_version"), name="one_due_item_per_threshold"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("new_due", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("granted", models.BooleanField(null=True)),
                ("customer_told_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="extensions", to="sla.clock"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SlaPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("position", models.PositiveSmallIntegerField(default=100)),
                ("match", models.JSONField(blank=True, default=dict)),
                ("is_default", models.BooleanField(default=False)),
                ("active_from", models.DateTimeField(blank=True, null=True)),
                ("active_to", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "ordering": ["position", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)), fields=("is_default",), name="one_default_policy"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SlaTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("first_contact", "Register or hand over"),
                            ("register", "Register"),
                            ("assign", "Assign"),
                            ("accept", "Name the owner"),
                            ("first_response", "First response"),
                            ("next_response", "Next response"),
                            ("progress_update", "Progress update"),
                            ("plan", "First solution"),
                            ("resolution", "Resolution"),
                            ("report", "Report of the result"),
                            ("review_head", "Review by the department head"),
                            ("review_office", "Review by the feedback office"),
                            ("customer_reply", "Reply by the customer"),
                            ("call_back", "Follow-up visit"),
                            ("co_task", "Part of a co-department"),
                            ("return_decision", "Decision to return"),
                            ("promise", "Promised answer"),
                            ("situation", "Report to leadership"),
                        ],
                        max_length=20,
                    ),
                ),
                ("amount", models.PositiveIntegerField()),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("s", "seconds"),
                            ("m", "minutes"),
                            ("h", "hours"),
                            ("wm", "working minutes"),
                            ("wh", "working hours"),
                            ("wd", "working days"),
                            ("d", "natural days"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "pauses_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                (
                    "warn_at",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        help_text="Per cent: 50, 80.",
                        size=None,
                    ),
                ),
                ("ladder", models.JSONField(blank=True, default=list)),
                (
                    "calendar",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sla.calendar"),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="sla.slapolicy"
                    ),
                ),
            ],
            options={
                "ordering": ["policy", "pk"],
                "constraints": [models.UniqueConstraint(fields=("policy", "metric"), name="one_target_per_metric")],
            },
        ),
        migrations.CreateModel(
            name="SupervisionNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True)),
                ("threshold", models.CharField(max_length=20)),
                ("issued_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField(help_text="Close of the next working day.")),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="supervision_notices", to="sla.clock"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                    ),
                ),
                (
                    "person",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supervision_notices",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("clock", "threshold"), name="one_supervision_notice_a_step")
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField()),
                (
                    "slots",
                    models.JSONField(blank=True, default=list, help_text='[["09:00", "12:00"], …]; empty is closed.'),
                ),
                ("reason", models.CharField(blank=True, max_length=100)),
                (
                    "source",
                    models.CharField(
                        choices=[("statutory", "Statutory"), ("import", "Imported"), ("manual", "Entered by hand")],
                        default="manual",
                        max_length=10,
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="overrides", to="sla.calendar"
                    ),
                ),
            ],
            options={
                "ordering": ["date"],
                "constraints": [models.UniqueConstraint(fields=("calendar", "date"), name="one_override_per_date")],
            },
        ),
    ]
