"""What waits for a person besides cases with a limit: one line each on the desk, with where to go. One query for all.

A new kind of work is one line of `KINDS`: what is counted, whose it is, and its words. Lines with nothing are left out.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from accounts.models import User
from accounts.roles import Role, any_of
from feedback.models import Appeal, Mailbox
from knowledge.access import PUBLISHES
from knowledge.models import Article, Problem
from notices.models_webhooks import WebhookDelivery
from reports.models import Report
from sla.models import Calendar
from sla.services_calendars import WARN_FROM
from supervision.models import Action, Finding, SampledCase
from surveys.access import calls_due
from tickets.models import ErasureList, Ticket
from tickets.workflow import Tier

CAP = 999
LATELY = timedelta(days=7)  # what could not be delivered
SOON = timedelta(days=7)  # before the day of an action

Rows = Callable[[User, datetime], QuerySet]
EVERYBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Kind:
    """`words` come from `ngettext_lazy` with `%(n)s`; `rows` are counted for people with one of `roles`."""

    code: str
    words: Any
    url_name: str
    icon: str
    roles: frozenset[Role] | set[Role]
    rows: Rows
    query: str = ""


@dataclass(frozen=True)
class Line:
    text: str
    url: str
    icon: str


def calendars(user: User, at: datetime) -> QuerySet:
    """Those whose holidays of next year are not there though the year ends."""
    today = timezone.localdate(at)
    if today.month < WARN_FROM:
        return Calendar.objects.none()
    unknown = Q(known_until=None) | Q(known_until__lt=date(today.year + 1, 12, 31))
    return Calendar.objects.filter(unknown, follows_holidays=True)


def actions(user: User, at: datetime) -> QuerySet:
    return Action.objects.open().filter(owner=user, due_on__lte=timezone.localdate(at) + SOON)


def erasures(user: User, at: datetime) -> QuerySet:
    return ErasureList.objects.filter(state=ErasureList.State.PROPOSED).exclude(proposed_by=user)


KINDS = (
    Kind(
        "major", ngettext_lazy("%(n)s major case is open", "%(n)s major cases are open", "n"),
        "tickets:queue", "siren", {Role.LEADER},
        lambda user, at: Ticket.objects.visible_to(user).open().filter(tier=Tier.L1), "view=open&tier=L1",
    ),
    Kind(
        "special", ngettext_lazy("%(n)s special report of a major case for you to write",
                                 "%(n)s special reports of major cases for you to write", "n"),
        "tickets:queue", "file-check", EVERYBODY,
        lambda user, at: Ticket.objects.visible_to(user).report_owed_by(user), "view=all&special_report=true",
    ),
    Kind(
        "appeals", ngettext_lazy("%(n)s complaint about the handling to examine",
                                 "%(n)s complaints about the handling to examine", "n"),
        "feedback:appeals", "scale", {Role.AUDITOR},
        lambda user, at: Appeal.objects.visible_to(user).filter(answered_at=None),
    ),
    Kind(
        "samples", ngettext_lazy("%(n)s sampled case to check", "%(n)s sampled cases to check", "n"),
        "supervision:samples", "search-check", {Role.AUDITOR},
        lambda user, at: SampledCase.objects.visible_to(user).filter(reviewed_at=None),
    ),
    Kind(
        "answered", ngettext_lazy("%(n)s answered finding to check", "%(n)s answered findings to check", "n"),
        "supervision:findings", "flag", {Role.AUDITOR},
        lambda user, at: Finding.objects.visible_to(user).filter(state=Finding.State.ANSWERED),
    ),
    Kind(
        "findings", ngettext_lazy("%(n)s finding for you to answer", "%(n)s findings for you to answer", "n"),
        "supervision:findings", "flag", EVERYBODY,
        lambda user, at: Finding.objects.filter(owner=user, state=Finding.State.OPEN),
    ),
    Kind(
        "actions", ngettext_lazy("%(n)s task of yours from a meeting is due within a week",
                                 "%(n)s tasks of yours from meetings are due within a week", "n"),
        "supervision:actions", "presentation", EVERYBODY, actions,
    ),
    Kind(
        "calls", ngettext_lazy("%(n)s customer to call back", "%(n)s customers to call back", "n"),
        "surveys:calls", "message-circle", {Role.AGENT, Role.OFFICE}, calls_due,
    ),
    Kind(
        "conclude", ngettext_lazy("%(n)s report is a draft: read its conclusions and complete them",
                                  "%(n)s reports are drafts: read their conclusions and complete them", "n"),
        "reports:list", "file-text", {Role.ANALYST},
        lambda user, at: Report.objects.filter(state=Report.State.DRAFT), "state=draft",
    ),
    Kind(
        "approve", ngettext_lazy("%(n)s report to approve", "%(n)s reports to approve", "n"),
        "reports:list", "file-text", {Role.OFFICE},
        lambda user, at: Report.objects.filter(state=Report.State.DRAFT).exclude(built_by=user), "state=draft",
    ),
    Kind(
        "problems", ngettext_lazy("%(n)s proposed common problem to decide on",
                                  "%(n)s proposed common problems to decide on", "n"),
        "feedback:problems", "boxes", {Role.OFFICE},
        lambda user, at: Problem.objects.filter(state=Problem.State.PROPOSED),
    ),
    Kind(
        "answers", ngettext_lazy("%(n)s draft in the knowledge base to publish or keep",
                                 "%(n)s drafts in the knowledge base to publish or keep", "n"),
        "knowledge:articles", "book-open", PUBLISHES, lambda user, at: Article.objects.for_readers("nobody"),
        "readers=nobody",
    ),
    Kind(
        "erasures", ngettext_lazy("%(n)s erasure list to decide on", "%(n)s erasure lists to decide on", "n"),
        "tickets:erasures", "archive", {Role.AUDITOR, Role.LEADER}, erasures,
    ),
    Kind(
        "calendars", ngettext_lazy("%(n)s calendar lacks the holidays of next year",
                                   "%(n)s calendars lack the holidays of next year", "n"),
        "sla:calendars", "calendar-x", {Role.ADMIN, Role.OFFICE}, calendars,
    ),
    Kind(
        "mailboxes", ngettext_lazy("%(n)s mailbox cannot be read", "%(n)s mailboxes cannot be read", "n"),
        "feedback:mailboxes", "mail-x", {Role.ADMIN},
        lambda user, at: Mailbox.objects.filter(is_active=True).exclude(error=""),
    ),
    Kind(
        "webhooks", ngettext_lazy("%(n)s delivery to another system failed this week",
                                  "%(n)s deliveries to other systems failed this week", "n"),
        "feedback:webhooks", "webhook", {Role.ADMIN},
        lambda user, at: WebhookDelivery.objects.filter(
            state=WebhookDelivery.State.FAILED, created_at__gte=at - LATELY
        ),
    ),
    Kind(
        "accounts", ngettext_lazy("%(n)s active account has no role and can open nothing",
                                     "%(n)s active accounts have no role and can open nothing", "n"),
        "admin:accounts_user_changelist", "user-x", {Role.ADMIN},
        lambda user, at: User.objects.active().filter(roles=[]),
    ),
)  # fmt: skip


def lines(user: User, at: datetime) -> list[Line]:
    """In the order of `KINDS`. Counts stop at `CAP`."""
    asked = [kind for kind in KINDS if kind.roles is EVERYBODY or any_of(user.roles, kind.roles)]
    halves = [
        kind.rows(user, at).order_by().annotate(waiting=Value(kind.code)).values_list("waiting")[: CAP + 1]
        for kind in asked
    ]
    found = Counter(code for (code,) in halves[0].union(*halves[1:], all=True))
    return [
        Line(
            kind.words % {"n": min(found[kind.code], CAP)},
            reverse(kind.url_name) + (f"?{kind.query}" if kind.query else ""),
            kind.icon,
        )
        for kind in asked
        if found[kind.code]
    ]
