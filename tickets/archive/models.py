"""The archive (D6): under which number and class a case is kept, until when, and what keeps it longer."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import NamedInTwoLanguages
from tickets.workflow import Nature, Tier


class ArchiveClass(NamedInTwoLanguages):
    """Which cases are kept together, and how long. The first that fits, by position, takes a case; settings."""

    code = models.SlugField(
        _("code"), max_length=10, unique=True, help_text=_("Stands in the archive number; it stays.")
    )
    nature = models.CharField(_("nature"), max_length=12, choices=Nature, blank=True)
    tier = models.CharField(_("tier"), max_length=2, choices=Tier, blank=True)
    bad_reviews = models.BooleanField(_("bad reviews only"), default=False)
    years = models.PositiveSmallIntegerField(
        _("years kept"), null=True, blank=True, help_text=_("From the day of archiving. Empty: for ever.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("archive class")
        verbose_name_plural = _("archive classes")

    def fits(self, ticket: Any) -> bool:
        return (
            self.nature in {"", ticket.nature}
            and self.tier in {"", ticket.tier}
            and (ticket.is_bad_review or not self.bad_reviews)
        )

    def until(self, day: date) -> date | None:
        """The last day of keeping what is archived on `day`; None for ever. 29 February ends on the 28th."""
        if self.years is None:
            return None
        try:
            return day.replace(year=day.year + self.years)
        except ValueError:
            return day.replace(year=day.year + self.years, day=28)


class ArchiveCounter(models.Model):
    """The last archive number of a year and a class; updated in one statement, so that there is no gap."""

    year = models.PositiveSmallIntegerField()
    archive_class = models.ForeignKey(ArchiveClass, models.PROTECT, related_name="+")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "archive_class"], name="one_archive_counter")]


class ArchiveRecord(models.Model):
    """One archived case. It keeps its number when a customer reopens it, and is filed anew when it is closed again."""

    ticket = models.OneToOneField("tickets.Ticket", models.PROTECT, related_name="archive")
    number = models.CharField(_("archive number"), max_length=40, unique=True)
    archive_class = models.ForeignKey(ArchiveClass, models.PROTECT, related_name="+", verbose_name=_("archive class"))
    archived_at = models.DateTimeField(_("archived at"))
    keep_until = models.DateField(_("kept until"), null=True)
    erased_at = models.DateTimeField(_("erased at"), null=True)

    class Meta:
        ordering = ["-archived_at", "-pk"]
        indexes = [
            models.Index(F("archived_at").desc(), F("id").desc(), name="archive_newest"),
            models.Index(fields=["keep_until"], condition=Q(erased_at=None) & ~Q(keep_until=None), name="archive_ends"),
        ]

    def __str__(self) -> str:
        return self.number


class LegalHold(models.Model):
    """A reason to keep a case whatever its period says: a lawsuit, an authority's request. One is open at a time."""

    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="holds")
    reason = models.CharField(_("reason"), max_length=500)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["set_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["ticket"], condition=Q(lifted_at=None), name="one_open_hold")]


class ErasureList(models.Model):
    """销毁清单: cases whose period has ended. Proposed by the office, decided by somebody else, then carried out."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being put together")
        PROPOSED = "proposed", _("To be decided")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        DONE = "done", _("Erased")

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="draft"), name="one_draft_of_erasures")
        ]


class ErasureItem(models.Model):
    """One case of a list. Struck out, it is kept: `kept` says why; a later list may hold it again."""

    list = models.ForeignKey(ErasureList, models.CASCADE, related_name="items")
    record = models.ForeignKey(ArchiveRecord, models.PROTECT, related_name="erasure_items")
    kept = models.CharField(_("kept because"), max_length=500, blank=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["list", "record"], name="one_erasure_item")]


class ErasureProof(models.Model):
    """That a case's content and personal data were erased: when, on which list, by whose decision, how much of what.

    Append-only by trigger; says nothing of what was erased.
    """

    record = models.OneToOneField(ArchiveRecord, models.PROTECT, related_name="proof")
    list = models.ForeignKey(ErasureList, models.PROTECT, related_name="proofs")
    at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    erased = models.JSONField(help_text="How many rows of each kind lost their content.")

    class Meta:
        ordering = ["at", "pk"]


class ErasedReference(models.Model):
    """The reference under which another system knows a case whose content was erased, as a keyed digest: what it sends
    again stays out, and whoever sees the table cannot try references out.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    erased_at = models.DateTimeField()

    class Meta:
        ordering = ["erased_at", "digest"]
