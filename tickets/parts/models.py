"""Which departments have a part in a case, and what is handed from one to another."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from common.reading import QuicklyRead

ENDS: dict[str, str | Promise] = {
    "returned": _("returned"),
    "reassigned": _("assigned anew"),
    "became_lead": _("became the lead"),
    "void": _("declared void"),
    "done": _("done"),
    "waived": _("waived by the office"),
}
"""Why a department's part is over."""


class Assignment(QuicklyRead):
    """B3.2: a department's part in a ticket; the lead gives the one answer to the customer.

    A co-department's part has a task of its own and, when asked, a limit.
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        CO = "co", _("Co-department")

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="assignments")
    department = models.ForeignKey(Department, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=4, choices=Role, default=Role.LEAD)
    round = models.PositiveSmallIntegerField(default=1)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    assigned_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    task = models.TextField(_("task"), blank=True)
    limit = models.DateTimeField(_("limit"), null=True, blank=True)
    result = models.TextField(_("result"), blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, blank=True)  # of ENDS

    class Meta:
        ordering = ["assigned_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(role="lead", ended_at=None),
                name="one_lead_department",
            ),
            models.UniqueConstraint(
                fields=["ticket", "department"],
                condition=Q(ended_at=None),
                name="one_part_per_department",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "assigned_at"], condition=~Q(owner=None), name="assignment_of_owner"),
            models.Index(fields=["assigned_by"], condition=~Q(assigned_by=None), name="assignment_by"),
        ]

    @property
    def end_label(self) -> str:
        return str(ENDS.get(self.end_reason, self.end_reason))


class Transfer(models.Model):
    """转办: a case offered to somebody else. Until it is accepted the sender stays responsible."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="transfers")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    accepted = models.BooleanField(null=True, help_text="Empty while nobody has decided.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["offered_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(decided_at=None), name="one_transfer_at_a_time")
        ]
