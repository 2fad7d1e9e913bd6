"""Calendars, policies, clocks and what is due (`sla.md`)."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, NamedInTwoLanguages
from common.reading import QuicklyRead
from sla.querysets import AccountabilityQuerySet, ClockQuerySet, DueItemQuerySet
from tickets.models import Assignment, Ticket


class Metric(models.TextChoices):
    """The steps of the regulations that have a limit."""

    FIRST_CONTACT = "first_contact", _("Register or hand over")
    REGISTER = "register", _("Register")
    ASSIGN = "assign", _("Assign")
    ACCEPT = "accept", _("Name the owner")
    FIRST_RESPONSE = "first_response", _("First response")
    NEXT_RESPONSE = "next_response", _("Next response")
    PROGRESS_UPDATE = "progress_update", _("Progress update")
    PLAN = "plan", _("First solution")
    RESOLUTION = "resolution", _("Resolution")
    REPORT = "report", _("Report of the result")
    REVIEW_HEAD = "review_head", _("Review by the department head")
    REVIEW_OFFICE = "review_office", _("Review by the feedback office")
    CUSTOMER_REPLY = "customer_reply", _("Reply by the customer")
    CALL_BACK = "call_back", _("Follow-up visit")
    CO_TASK = "co_task", _("Part of a co-department")
    RETURN_DECISION = "return_decision", _("Decision to return")
    PROMISE = "promise", _("Promised answer")
    SITUATION = "situation", _("Report to leadership")


RIGHTS = (Metric.RETURN_DECISION,)
"""Limits of something that one may do: when they end the right lapses, and nobody is late."""


class Unit(models.TextChoices):
    SECONDS = "s", _("seconds")
    MINUTES = "m", _("minutes")
    HOURS = "h", _("hours")
    WORKING_MINUTES = "wm", _("working minutes")
    WORKING_HOURS = "wh", _("working hours")
    WORKING_DAYS = "wd", _("working days")
    DAYS = "d", _("natural days")


class Calendar(NamedInTwoLanguages):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    follows_holidays = models.BooleanField(_("follows the Chinese holidays"), default=True)
    known_until = models.DateField(_("holidays known until"), null=True, blank=True)
    late_receipt_counts_next_day = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Raised by every change of its hours.")
    changed_at = models.DateTimeField(null=True, editable=False, help_text="When its hours were last changed.")

    class Meta:
        ordering = ["code"]
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")


class CalendarSlot(models.Model):
    """Weekly opening hours; `closes` at or before `opens` crosses midnight; 24:00 is stored as 00:00."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday.")
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]


class CalendarOverride(models.Model):
    """One date that differs from the week: a holiday (no slots) or a make-up working day 调休 (slots)."""

    class Source(models.TextChoices):
        STATUTORY = "statutory", _("Statutory")
        IMPORT = "import", _("Imported")
        MANUAL = "manual", _("Entered by hand")

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="overrides")
    date = models.DateField()
    slots = models.JSONField(default=list, blank=True, help_text='[["09:00", "12:00"], …]; empty is closed.')
    reason = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.MANUAL)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="one_override_per_date")]


class CalendarState(models.Model):
    """How a calendar was until it was changed: clocks that had ended by then are explained by it."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="states")
    until = models.DateTimeField()
    definition = models.JSONField(help_text="zone, weekly, overrides, as calendars are written as JSON")

    class Meta:
        ordering = ["until", "pk"]


class SlaPolicy(NamedInTwoLanguages):
    """First match by position wins; `match` holds lists by field name, an empty match matches every ticket."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=100)
    match = models.JSONField(default=dict, blank=True)
    is_default = models.BooleanField(default=False)
    active_from = models.DateTimeField(null=True, blank=True)
    active_to = models.DateTimeField(null=True, blank=True)

    rules: dict[str, Any] | None = None  # not a column: of a shared policy, made once (`rulebook.known`)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="one_default_policy",
            )
        ]


class SlaTarget(models.Model):
    """One limit of a policy. `ladder` is a list of steps, see `sla/ladder.py`."""

    policy = models.ForeignKey(SlaPolicy, models.CASCADE, related_name="targets")
    metric = models.CharField(max_length=20, choices=Metric)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=2, choices=Unit)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    pauses_on = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    warn_at = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        help_text="Per cent: 50, 80.",
    )
    ladder = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["policy", "pk"]
        constraints = [models.UniqueConstraint(fields=["policy", "metric"], name="one_target_per_metric")]


class Clock(QuicklyRead):
    """One running limit. The target is copied in, so that a later edit of the policy does not move it.

    `decided_at` is `stopped_at` of a met clock and `due_at` of a missed one: the instant that rates count it by.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        VOID = "void", _("Void")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="clocks", db_index=False)
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, blank=True, related_name="clocks", db_index=False
    )
    metric = models.CharField(max_length=20, choices=Metric)
    round = models.PositiveSmallIntegerField(default=1)
    target = models.JSONField(help_text="policy, amount, unit, calendar, pauses_on, warn_at, ladder")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # null while paused
    due_version = models.PositiveIntegerField(default=1)
    soon_at = models.DateTimeField(null=True, help_text="From here on the due time counts as near.")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    elapsed_s = models.PositiveIntegerField(null=True, help_text="Cached at the end; replay is the truth.")
    answerable = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False,
        help_text="The person answerable when it was missed.",
    )  # fmt: skip
    provisional = models.BooleanField(default=False, help_text="Due past the calendar's known holidays.")

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["round", "started_at", "pk"]
        indexes = [
            models.Index(fields=["ticket", "round", "metric"], name="clock_of_ticket"),
            models.Index(
                fields=["metric", "decided_at"],
                include=["ticket", "round", "state", "started_at", "answerable"],  # what figures read
                name="clock_decided",
            ),
            models.Index(
                fields=["metric", "started_at"],
                condition=Q(decided_at=None, state__in=["running", "paused"]),
                name="clock_undecided",
            ),
            models.Index(
                fields=["ticket", "answerable"], condition=Q(state="missed", round=1), name="clock_first_round_missed"
            ),
            models.Index(fields=["answerable"], condition=~Q(answerable=None), name="clock_answerable"),
            models.Index(fields=["assignment"], condition=~Q(assignment=None), name="clock_of_part"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "metric", "round", "assignment"],
                condition=Q(state__in=["running", "paused"]),
                nulls_distinct=False,
                name="one_running_clock",
            ),
            models.CheckConstraint(
                condition=Q(breached_at=None) | Q(breached_at=models.F("due_at")),
                name="breached_at_is_due_at",
            ),
        ]


class ClockEvent(QuicklyRead):
    """The history of a clock. Append-only by trigger; elapsed time is always derived by replaying it."""

    class Kind(models.TextChoices):
        START = "start", _("Started")
        PAUSE = "pause", _("Paused")
        RESUME = "resume", _("Resumed")
        RETARGET = "retarget", _("New limit")
        EXTEND = "extend", _("Extended")
        STOP = "stop", _("Stopped")
        BREACH = "breach", _("Missed")
        VOID = "void", _("Void")

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=200, blank=True)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    data = models.JSONField(
        default=dict,
        help_text="The new target of a retarget, the amount of an extension.",
    )

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["clock", "at", "id"], name="clock_event_of_clock"),
            models.Index(fields=["by"], condition=~Q(by=None), name="clock_event_by"),
        ]


class DueItem(models.Model):
    """Something to be done at an instant: a warning, the breach, a step of the ladder after it."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="due_items", db_index=False)
    threshold = models.CharField(max_length=20, help_text="A step of the ladder: 50%, 80%, due, +1wd, +3wd.")
    fire_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    due_version = models.PositiveIntegerField()
    failures = models.PositiveSmallIntegerField(default=0)

    objects = DueItemQuerySet.as_manager()

    class Meta:
        ordering = ["fire_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "threshold", "due_version"],
                name="one_due_item_per_threshold",
            )
        ]
        indexes = [
            models.Index(
                fields=["fire_at", "id"],
                condition=Q(fired_at=None),
                name="due_item_unfired",
            ),
            models.Index(fields=["id"], condition=Q(failures__gt=0, fired_at=None), name="due_item_failing"),
        ]


class Extension(models.Model):
    """D3.2: asked before the due time, with a reason, decided by the head or the office, told to the customer."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="extensions")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    new_due = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    customer_told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]


class Accountability(models.Model):
    """A4.2 D7: a missed limit and the person answerable at that moment; decided by people later."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("Not yet decided")
        CONFIRMED = "confirmed", _("Confirmed")
        EXCUSED = "excused", _("Excused")

    class Grade(models.TextChoices):
        CRITICISM = "criticism", _("Criticism")
        WARNING = "warning", _("Warning")
        FINE = "fine", _("Fine")
        DEMOTION = "demotion", _("Demotion")
        DISMISSAL = "dismissal", _("Dismissal")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="accountability")
    clock = models.OneToOneField(Clock, models.PROTECT, related_name="accountability")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=200)
    grade = models.CharField(max_length=20, blank=True, choices=Grade)
    opened_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    objection = models.CharField(max_length=1000, blank=True)
    objected_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    reviewed_at = models.DateTimeField(null=True)
    review = models.CharField(max_length=500, blank=True, help_text="What was decided on the objection.")

    objects = AccountabilityQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="accountability_ledger"),
            models.Index(fields=["decided_by"], condition=~Q(decided_by=None), name="accountability_decided"),
            models.Index(fields=["reviewed_by"], condition=~Q(reviewed_by=None), name="accountability_reviewed"),
        ]

    @property
    def waits_for_review(self) -> bool:
        """An objection that nobody has decided on."""
        return self.objected_at is not None and self.reviewed_at is None


class SupervisionNotice(models.Model):
    """督办单: a written demand to the department, issued by a step of the ladder; printed from its page."""

    number = models.CharField(max_length=60, unique=True)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="supervision_notices")
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="supervision_notices")
    threshold = models.CharField(max_length=20)
    issued_at = models.DateTimeField()
    answer_by = models.DateTimeField(help_text="Close of the next working day.")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["clock", "threshold"], name="one_supervision_notice_a_step")]


class LagBucket(models.Model):
    """How late due items were done: so many within `le` seconds. For `/metrics`; a row a bucket."""

    le = models.FloatField(primary_key=True, help_text="-1 is beyond the last bound.")
    count = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)


class Heartbeat(models.Model):
    """The last good run of a background job, for the health page."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
