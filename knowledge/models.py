"""The library of problems and answers. So far: problems that group tickets of several customers (C5.2)."""

from django.db import models
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

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("problem")
        verbose_name_plural = _("problems")

    def __str__(self) -> str:
        return self.title
