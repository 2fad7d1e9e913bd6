"""The library of problems and answers. So far: problems that group tickets of several customers, and their studies (C5.2)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from knowledge.querysets import ProblemQuerySet


class Problem(models.Model):
    """A common problem 共性问题. Never a merge: every ticket keeps its own answer and rating."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        OPEN = "open", _("Open")
        SOLVED = "solved", _("Solved")
        DISMISSED = "dismissed", _("Dismissed")

    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    alerted_at = models.DateTimeField(null=True, blank=True, help_text="When colleagues were last told that it grows.")
    joined_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="joined")

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("problem")
        verbose_name_plural = _("problems")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feedback:problem", args=[self.pk])


class Study(models.Model):
    """A special study 专项研究 of a problem that is frequent and hard (C5.2): who finds out what by when, and what came of it."""

    class Reason(models.TextChoices):
        FREQUENT = "frequent", _("Frequent and hard")
        DECIDED = "decided", _("Decided by the office")

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="studies")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Empty: by the system."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    goal = models.TextField(_("goal"), blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    findings = models.TextField(_("findings and measures"), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["problem"], condition=Q(closed_at=None), name="one_open_study_a_problem")
        ]
