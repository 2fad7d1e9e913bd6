"""Supervision of the handling (A6.1 B5), and the weekly meeting over the backlog (C3.4 C5.1)."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, NamedInTwoLanguages
from common.wording import in_english
from supervision.querysets import ActionQuerySet, FindingQuerySet, SampledCaseQuerySet
from tickets.models import Ticket


def _person(**options: Any) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


def _line(longest: int) -> models.CharField:
    return models.CharField(max_length=longest)


class Checklist(NamedInTwoLanguages):
    """What a reviewer asks of a sampled case. A sample keeps the questions as they were when it was drawn."""

    questions = ArrayField(_line(200), verbose_name=_("questions"))
    questions_en = ArrayField(_line(200), verbose_name=_("questions in English"), default=list, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")


class Sample(models.Model):
    """Cases drawn to be looked at. Random ones can be drawn again: the seed and a hash of the population are kept."""

    class Mode(models.TextChoices):
        RANDOM = "random", _("Random")
        TARGETED = "targeted", _("Targeted")

    name = models.CharField(_("name"), max_length=100)
    mode = models.CharField(max_length=10, choices=Mode)
    start = models.DateField(null=True)
    end = models.DateField(null=True, help_text="The last day.")
    conditions = models.JSONField(default=dict, help_text="nature, department, tier, which.")
    seed = models.CharField(max_length=40, blank=True)
    population = models.PositiveIntegerField()
    population_sha256 = models.CharField(max_length=64)
    questions = ArrayField(_line(200))
    questions_en = ArrayField(_line(200), default=list)
    drawn_at = models.DateTimeField()
    drawn_by = _person()

    class Meta:
        ordering = ["-drawn_at", "-pk"]

    def asked(self) -> list[str]:
        """The questions in the reader's language, where it has them all."""
        english = in_english() and len(self.questions_en) == len(self.questions)
        return self.questions_en if english else self.questions


ANSWERS = [
    ("yes", _("In order")),
    ("no", _("Not in order")),
    ("na", _("Does not apply")),
]


class SampledCase(models.Model):
    """One case of a sample with its review sheet."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="cases")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="sampled")
    position = models.PositiveSmallIntegerField()
    answers = ArrayField(models.CharField(max_length=3, choices=ANSWERS), default=list)
    notes = ArrayField(models.CharField(max_length=500, blank=True), default=list)
    called = models.TextField(_("what the customer said when called back"), blank=True)
    verdict = models.TextField(_("conclusion of the check"), blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = _person(null=True)

    objects = SampledCaseQuerySet.as_manager()

    class Meta:
        ordering = ["sample", "position"]
        constraints = [models.UniqueConstraint(fields=["sample", "ticket"], name="one_sheet_a_sampled_case")]


class Finding(models.Model):
    """Something that was not as it should be, with who mends it and until when. Tracked to the end."""

    class State(models.TextChoices):
        OPEN = "open", _("To be answered")
        ANSWERED = "answered", _("To be checked")
        CLOSED = "closed", _("Closed")

    sampled = models.ForeignKey(SampledCase, models.PROTECT, null=True, related_name="findings")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="findings")
    text = models.TextField(_("finding"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name=_("department")
    )
    owner = _person(verbose_name=_("owner"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = _person()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = _person(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="finding_open")]


class FindingEntry(models.Model):
    """The history of a finding: append-only by trigger."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        ANSWERED = "answered", _("Answered")
        DIFFICULTY = "difficulty", _("Difficulty reported")
        SENT_BACK = "sent_back", _("Sent back")
        PROLONGED = "prolonged", _("More time given")
        CLOSED = "closed", _("Closed")

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    by = _person()
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField()

    class Meta:
        ordering = ["at", "pk"]


class Meeting(models.Model):
    """C3.4: the weekly meeting. The agenda is generated, and stays as it was; minutes are open until it is closed."""

    held_on = models.DateField(_("date"))
    agenda = models.JSONField(default=dict, help_text="Numbers and ids; every reader sees the cases that they may see.")
    chair = models.CharField(_("chair"), max_length=100, blank=True)
    present = models.TextField(_("present"), blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    made_at = models.DateTimeField()
    made_by = _person()
    closed_at = models.DateTimeField(null=True)
    closed_by = _person(null=True)

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["held_on"], name="one_meeting_a_day")]


class Action(models.Model):
    """A decision of a meeting, or an improvement: what, to which end, by whom, until when."""

    class Kind(models.TextChoices):
        DECISION = "decision", _("Decision of the meeting")
        IMPROVEMENT = "improvement", _("Improvement")

    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="actions")
    kind = models.CharField(_("sort"), max_length=12, choices=Kind, default=Kind.DECISION)
    text = models.CharField(_("what is to be done"), max_length=500)
    goal = models.CharField(_("goal"), max_length=500, blank=True)
    owner = _person(verbose_name=_("owner"))
    due_on = models.DateField(_("until"))
    made_at = models.DateTimeField()
    made_by = _person()
    done_at = models.DateTimeField(null=True)
    done_by = _person(null=True)
    outcome = models.CharField(_("what was achieved"), max_length=1000, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(done_at=None), name="action_open")]
