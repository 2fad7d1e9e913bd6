"""Cases that belong together without being one (d5 of the lessons: a merge is for one customer and one matter)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Link(models.Model):
    """Two cases that a colleague put side by side; stored once, read from both."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="links")
    other = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="linked_from")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "other"], name="one_link_a_pair"),
            models.CheckConstraint(condition=models.Q(ticket__lt=models.F("other")), name="links_are_stored_once"),
        ]
