"""Spreadsheets that colleagues bring in: a batch with its rows, so that each can be looked at and taken back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.channels import Channel
from tickets.models import Ticket


class ImportBatch(models.Model):
    """One file. `mapping` says in which column each of our fields stands: `{"content": 3}`."""

    class State(models.TextChoices):
        READ = "read", _("Columns to be named")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    name = models.CharField(max_length=200)
    source = models.CharField(max_length=60)  # references are unique within it
    channel = models.CharField(max_length=10, choices=Channel)
    columns = models.JSONField()
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.READ)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One line. Its cells are dropped once it is a ticket, which holds them then."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not checked")
        READY = "ready", _("Ready")
        DUPLICATE = "duplicate", _("Duplicate")
        BAD = "bad", _("To be mended")
        DONE = "done", _("Taken in")
        UNDONE = "undone", _("Taken back")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    reference = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="one_import_row_per_line")]
        indexes = [models.Index(fields=["batch", "line"], condition=Q(state="ready"), name="import_row_ready")]
