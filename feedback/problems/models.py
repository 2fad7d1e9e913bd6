"""Which tickets are taken for cases of a common problem until a person says so (C5.2)."""

from django.db import models
from django.db.models import Q

from knowledge.models import Problem
from tickets.models import Ticket


class Suggestion(models.Model):
    """A ticket that looks like those of a problem. Declined ones stay, so that they are not suggested again."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="suggestions")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="problem_suggestions")
    percent = models.PositiveSmallIntegerField(help_text="How alike it is to the others, on the average.")
    at = models.DateTimeField()
    declined = models.BooleanField(default=False)

    class Meta:
        ordering = ["-percent", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(declined=False), name="one_suggestion_a_ticket"),
            models.UniqueConstraint(fields=["ticket", "problem"], name="suggested_once_for_a_problem"),
        ]


class Watermark(models.Model):
    """How far a job that goes through the tickets once has come."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField(default=0)
