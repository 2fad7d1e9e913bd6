"""What comes on paper: suggestion boxes with the record of each opening (C2.3), and what a letter or slip has beside
its case (A2.1 D2)."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User
from accounts.roles import Role
from tickets.models import Ticket

BOX_CLERKS = (Role.AGENT, Role.OFFICE)


class BoxQuerySet(models.QuerySet["Box"]):
    def visible_to(self, user: User) -> Self:
        """All of them for those who enter slips and for auditors; a keeper's own for the keeper."""
        if user.has_role(*BOX_CLERKS, Role.AUDITOR):
            return self
        return self.filter(keeper=user)

    def to_remind(self, at: datetime) -> Self:
        """Boxes whose opening is overdue and of whom nobody was reminded within the interval."""
        return self.filter(is_active=True, remind_at__lte=at).order_by("remind_at", "pk")


class Box(models.Model):
    """A suggestion box 意见箱. `due_at` is the end of the day by which it is opened next; reminders begin there."""

    number = models.CharField(
        _("number"), max_length=20, unique=True,
        validators=[RegexValidator(r"\A[A-Za-z0-9][A-Za-z0-9-]*\Z", _("Letters, digits and hyphens only."))],
    )  # fmt: skip
    place = models.CharField(_("place"), max_length=200)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("keeper")
    )
    every_days = models.PositiveSmallIntegerField(_("opened every … days"), default=7)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField(help_text="When the next reminder goes out, unless it is opened before.")

    objects = BoxQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["remind_at"], condition=Q(is_active=True), name="box_to_remind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(every_days__gte=1, every_days__lte=90), name="box_opened_every_1_to_90_days"
            )
        ]

    def __str__(self) -> str:
        return self.number


class BoxOpening(models.Model):
    """One opening on record (C2.3): number, time, place, by whom, before which witness, how many slips.

    The record itself never changes; a count that turns out wrong is explained in `difference`.
    """

    box = models.ForeignKey(Box, models.PROTECT, related_name="openings")
    opened_at = models.DateTimeField(_("opened at"))
    place = models.CharField(_("place"), max_length=200, help_text="As it was on that day.")
    opener = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by"))
    witness = models.CharField(_("witness"), max_length=100)
    count = models.PositiveSmallIntegerField(_("slips found"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    difference = models.CharField(_("why the number differs"), max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["box", "opened_at"], name="one_opening_at_a_time")]
        indexes = [models.Index(fields=["opened_at"], condition=Q(finished_at=None), name="opening_unfinished")]

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


class PaperItem(models.Model):
    """A letter, or a slip of an opening, and what its case has no column for.

    `digest` is of what was entered: the same words again are taken for the same paper, unless the clerk says that it
    is another, which then is the next `copy`.
    """

    ticket: Any = models.OneToOneField(Ticket, models.CASCADE, related_name="paper")
    opening = models.ForeignKey(BoxOpening, models.PROTECT, null=True, related_name="slips")
    postmarked_on = models.DateField(_("postmark"), null=True)
    registered_number = models.CharField(_("registered number"), max_length=40, blank=True)
    sender_address = models.CharField(_("sender's address"), max_length=300, blank=True)
    digest = models.CharField(max_length=64)
    copy = models.PositiveSmallIntegerField(default=0)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "digest", "copy"], nulls_distinct=False, name="one_paper_entered_once"
            ),
            models.UniqueConstraint(
                fields=["registered_number"], condition=~Q(registered_number=""), name="one_registered_letter"
            ),
        ]
