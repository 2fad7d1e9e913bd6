from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q

from accounts.roles import SEES_ALL_TICKETS, Role, any_of
from tickets import workflow

WORKING = {Role.AGENT, Role.HANDLER, Role.HEAD, Role.LEADER}

SHOWN_IN_ROWS = (
    "number", "version", "status", "round", "channel", "subject", "nature", "tier", "needs_review", "first_contact_id",
    "received_at", "next_due_at", "soon_at", "merged_into", "region_text", "region__full_name", "region__name",
    "region__name_en", "department__name", "department__name_en", "owner__username", "owner__name", "owner__name_en",
)  # fmt: skip

PERSON = -1
"""Stands for somebody's key where SQL is made for everybody."""

if TYPE_CHECKING:
    from accounts.models import User


INTAKE = (workflow.Status.NEW, workflow.Status.ASSIGNED)


class TicketQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """The only way pages, API, search, exports and reports obtain tickets (`product.md`, roles).

        Runs no query of its own. Whoever owns a ticket, is its first contact, belongs to its special group or carries out
        what it suggested sees it, in whatever department it lies.
        The agents' queue is what nobody answers for yet: without a department, or dealt to one by the system and not
        yet touched by a person (A4.2).
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if any_of(user.roles, SEES_ALL_TICKETS):
            return self
        reach = Q(first_contact=user) | Q(owner=user) if any_of(user.roles, WORKING) else Q(pk__in=[])
        if any_of(user.roles, WORKING):
            reach |= Q(Involved(user.pk))
        if user.has_role(Role.LEADER):
            reach |= Q(tier=workflow.Tier.L1)
            reach |= Q(level=workflow.Level.LEADERSHIP)  # raised to them
            reach |= Q(status=workflow.Status.IN_REVIEW, department__is_office=True)  # theirs to review
        if user.has_role(Role.AGENT):
            reach |= Q(department=None) | Q(first_contact=None, status__in=INTAKE)
        if user.has_role(Role.AGENT, Role.HANDLER) and user.department_id:
            reach |= Q(departments__contains=[user.department_id])
        if user.has_role(Role.HEAD):
            reach |= Q(departments__overlap=led_by(user))
        return self.filter(reach)

    def open(self) -> Self:
        return self.filter(status__in=workflow.UNANSWERED)

    def counted(self) -> Self:
        """What figures count: everything but void tickets (`kpis.md`)."""
        return self.exclude(status=workflow.Status.VOID)

    def overdue(self, at: datetime) -> Self:
        """Open with a limit behind it, whether or not the sweep has noticed."""
        return self.open().filter(next_due_at__lte=at)

    def report_owed_by(self, user: "User") -> Self:
        """Major cases that are answered, whose special group the user leads and has not concluded yet (A3.3)."""
        return self.filter(status__in=workflow.ANSWERED, group__leader=user, group__concluded_at=None)

    def by_urgency(self) -> Self:
        """The queue's order: what is due first comes first, paused last."""
        return self.order_by("next_due_at", "pk")

    def for_list(self) -> Self:
        return self.select_related("department", "owner", "first_contact", "region", "customer", "category")

    def for_rows(self) -> Self:
        """What a table of tickets shows, and no more: the texts stay in the database."""
        return self.select_related("department", "owner", "region").only(*SHOWN_IN_ROWS)


def is_one_of(keys: models.QuerySet) -> Q:
    """`id = ANY (ARRAY(…))`: looked up once, so that the other ways to a ticket keep their indexes."""
    return Q(
        Func(
            F("pk"),
            ArraySubquery(keys),
            template="(%(expressions)s))",
            arg_joiner=" = ANY (",
            output_field=models.BooleanField(),
        )
    )


class Involved(Func):
    """Whether somebody belongs to the case's special group or carries out what it suggested; looked up as `is_one_of` does.

    Its SQL is the same for everybody but for the person, and is made once a process: a desk asks for it twelve times, which
    took longer than half of its queries.
    """

    output_field = models.BooleanField()

    def __init__(self, person: int) -> None:
        super().__init__(F("pk"))
        self.person = person

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        key, given = compiler.compile(self.source_expressions[0])
        keys, params = self.keys()
        return f"{key} = ANY (ARRAY({keys}))", (*given, *(self.person if one == PERSON else one for one in params))

    @staticmethod
    @cache
    def keys() -> tuple[str, tuple[Any, ...]]:
        """With `PERSON` where their key stands."""
        return together_with(PERSON).union(improved_by(PERSON), all=True).query.sql_with_params()


def together_with(user: "User | int") -> models.QuerySet:
    """The ids of the cases whose special group the user belongs to, as a subquery."""
    from tickets.groups.models import SpecialGroup

    return SpecialGroup.objects.filter(members=user).order_by().values("ticket_id")


def improved_by(user: "User | int") -> models.QuerySet:
    """The ids of the cases whose improvement the user carries out, as a subquery."""
    from tickets.groups.models import Improvement

    return Improvement.objects.filter(owner=user, state=Improvement.State.OPEN).order_by().values("ticket_id")


def led_by(user: "User") -> models.QuerySet:
    """The ids of the departments that a head leads, and of all below them, as a subquery."""
    from accounts.models import Department

    led = Department.objects.filter(Q(head=user) | Q(pk=user.department_id))
    above = led.annotate(below=ExpressionWrapper(OuterRef("path"), models.CharField())).filter(
        below__startswith=F("path")
    )
    return Department.objects.filter(Exists(above)).order_by().values("pk")


class EventQuerySet(models.QuerySet):
    def in_order(self) -> Self:
        return self.order_by("at", "pk")
