"""Documents built from figures, frozen."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
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


class DayFigures(models.Model):
    """What the figures of one day came to, split one way: derived, thrown away and counted again at any time.

    `figures` is {code: {group: numbers that add up over days}}. Level rows (`by` = "level") hold what was running,
    unfinished and open at the midnight that begins `day`. `stale` days are to be counted again. Not logged: after a
    crash of PostgreSQL the table is empty.
    """

    day = models.DateField()
    by = models.CharField(max_length=20)
    figures = models.JSONField()
    stale = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["by", "day"], name="one_day_of_figures")]


class DayLengths(models.Model):
    """The working seconds of each of a day's first responses or resolutions; derived like `DayFigures`."""

    day = models.DateField()
    code = models.CharField(max_length=30)
    working_s = ArrayField(models.FloatField())

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["code", "day"], name="one_day_of_lengths")]


class Touched(models.Model):
    """A ticket whose figures changed, written by triggers; the values are those before the change, if any.

    No ticket means that everything has to be counted again. Only ever added to, so that writers never wait for each
    other; `daily.refresh` takes the rows away.
    """

    ticket_id = models.BigIntegerField(null=True)
    days = ArrayField(models.DateField(null=True), null=True)
    customer_id = models.BigIntegerField(null=True)
    problem_id = models.BigIntegerField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class KpiTarget(models.Model):
    """A decision on a figure's target; the latest holds. No value means that the figure has none. Append-only."""

    code = models.CharField(max_length=40)
    value = models.FloatField(null=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-set_at", "-pk"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        indexes = [models.Index(fields=["code", "-set_at", "-id"], name="target_of_a_figure")]
