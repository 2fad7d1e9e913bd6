"""Whose figures a reader sees: leadership, office, analyst and auditor all, a head the own department's."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import SEES_ALL_FIGURES, SEES_FIGURES, Role
from tickets.models import Ticket


def sees_all(user: User) -> bool:
    return user.is_app or user.has_role(*SEES_ALL_FIGURES)


def tickets_counted_for(user: User) -> QuerySet:
    """The tickets that this reader's figures count. An app gets here only with the scope `reports`: it counts all.

    Raises PermissionDenied for who sees no figures.
    """
    if not user.is_active or not (user.is_app or user.has_role(*SEES_FIGURES)):
        raise PermissionDenied
    return Ticket.objects.all() if sees_all(user) else Ticket.objects.visible_to(user)


def may_write_reports(user: User) -> bool:
    return user.has_role(Role.OFFICE, Role.ANALYST)


def may_approve_reports(user: User) -> bool:
    return user.has_role(Role.OFFICE)


def may_set_targets(user: User) -> bool:
    return user.has_role(Role.OFFICE, Role.ADMIN)
