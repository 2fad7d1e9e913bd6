"""Documents built from figures, frozen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Report(models.Model):
    """A3.3: a periodic report. The figures are stored with a hash; a correction makes a new version."""

    class Kind(models.TextChoices):
        WEEK = "week", _("Weekly report")
        MONTH = "month", _("Monthly report")
        QUARTER = "quarter", _("Quarterly report")
        YEAR = "year", _("Yearly report")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")

    kind = models.CharField(max_length=10, choices=Kind)
    start = models.DateTimeField()
    end = models.DateTimeField()
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    figures = models.JSONField()
    sha256 = models.CharField(max_length=64)
    conclusions = models.TextField(_("conclusions and recommendations"), blank=True)
    built_at = models.DateTimeField()
    built_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-start", "kind", "-version"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["kind", "start", "version"], name="one_report_version"),
        ]
