"""Where new cases go, as rows; and which of them still wait for a person (B3.1 B3.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, NamedInTwoLanguages


class Strategy(models.TextChoices):
    """Who of the department gets the case."""

    DEPARTMENT = "department", _("The department decides")
    ON_DUTY = "on_duty", _("Who is on duty")
    LEAST_LOADED = "least_loaded", _("Who has the fewest open cases")
    ROUND_ROBIN = "round_robin", _("In turn, by shares")
    SAME_OWNER = "same_owner", _("The same person as last time")


class RoutingRule(NamedInTwoLanguages):
    """One line of the dispatch. `match` is read by `tickets/dispatch/routing.py`; the first rule by position that fits decides."""

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("History names the rule by this code."))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    match = models.JSONField(default=dict, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    strategy = models.CharField(_("who gets it"), max_length=20, choices=Strategy, default=Strategy.DEPARTMENT)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")


class Undealt(models.Model):
    """A case whose rule names persons, while nobody is free. Dealt oldest first as soon as somebody is."""

    ticket = models.OneToOneField("tickets.Ticket", models.CASCADE, related_name="undealt")
    rule = models.ForeignKey(RoutingRule, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "pk"]
