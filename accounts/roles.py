"""The roles of the regulations (`product.md`): who may do what. Pure."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    AGENT = "agent", _("Intake agent")
    HANDLER = "handler", _("Handler")
    HEAD = "head", _("Department head")
    OFFICE = "office", _("Feedback office")
    ANALYST = "analyst", _("Analyst")
    AUDITOR = "auditor", _("Auditor")
    LEADER = "leader", _("Leadership")
    ADMIN = "admin", _("Administrator")


SEES_ALL_TICKETS = {Role.OFFICE, Role.AUDITOR, Role.ANALYST}
SEES_FIGURES = {Role.HEAD, Role.OFFICE, Role.ANALYST, Role.AUDITOR, Role.LEADER}
SEES_ALL_FIGURES = SEES_FIGURES - {Role.HEAD}
SEES_PERSONAL_DATA = {Role.AGENT, Role.HANDLER, Role.HEAD, Role.OFFICE}
READS_ONLY = {Role.ANALYST, Role.AUDITOR}


def any_of(held: Iterable[str], wanted: Iterable[str]) -> bool:
    return not set(wanted).isdisjoint(held)
