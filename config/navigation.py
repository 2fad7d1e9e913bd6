"""The rail of the work pages: which places a person sees, with what waits there. Two queries, three for auditors.

A new place is one line of `PLACES`; `common.rail` draws it and folds long groups.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import SEES_ALL_FIGURES, SEES_FIGURES, Role, any_of
from common.rail import BELL, Entry
from feedback.models import Appeal
from knowledge.access import WRITES
from notices.models import Notice
from supervision.services_meetings import TAKES_PART
from tickets.models import Ticket
from tickets.queue import saved_views

EVERYBODY: frozenset[Role] = frozenset()
_DOOR = {Role.AGENT, Role.OFFICE}
_LEDGER = {Role.OFFICE, Role.AUDITOR, Role.LEADER, Role.HEAD, Role.HANDLER}
_LIBRARY = {Role.OFFICE, Role.ANALYST, Role.AUDITOR, Role.LEADER}
_SETTERS = {Role.OFFICE, Role.ADMIN}

_TAKING_IN = _("Taking in")
_ANALYSIS = _("Analysis")
_SUPERVISION = _("Oversight")
_RULES = _("Rules and settings")


@dataclass(frozen=True)
class Place:
    """One entry, for people with one of `roles` or for `EVERYBODY`. `covers` are the pages that belong to it."""

    url_name: str
    label: str | Promise
    icon: str
    roles: frozenset[Role] | set[Role]
    group: str | Promise = ""
    covers: str = ""
    in_phone_bar: bool = False
    hot: bool = False


PLACES = (
    Place("tickets:desk", _("My desk"), "panels-top-left", EVERYBODY, in_phone_bar=True),
    Place(
        "tickets:queue", _("Tickets"), "list", EVERYBODY, hot=True, in_phone_bar=True,
        covers="tickets:ticket tickets:move tickets:bulk tickets:reveal tickets:read",
    ),
    Place("tickets:board", _("Dispatch"), "waypoints", {Role.OFFICE}),
    Place(
        "feedback:register", _("Register"), "phone", _DOOR, in_phone_bar=True,
        covers="feedback:registered feedback:letters feedback:letters-entered feedback:counter",
    ),
    Place("feedback:review", _("Manual review"), "scan-eye", _DOOR),
    Place("surveys:calls", _("Call-backs"), "message-circle", _DOOR),
    Place("reports:overview", _("Figures"), "chart-column", SEES_FIGURES, in_phone_bar=True),

    Place("feedback:hotline", _("Hotline"), "headset", _DOOR, _TAKING_IN, "feedback:hotline-script"),
    Place("feedback:imports", _("Imports"), "upload", _DOOR, _TAKING_IN, "feedback:import feedback:import-act"),
    Place(
        "feedback:mails", _("Mails"), "mails", _SETTERS, _TAKING_IN,
        "feedback:mail feedback:mailboxes feedback:mailbox feedback:mailbox-new",
    ),
    Place(
        "feedback:boxes", _("Suggestion boxes"), "inbox", _DOOR | {Role.AUDITOR}, _TAKING_IN,
        "feedback:box feedback:new-box feedback:opening feedback:box-labels",
    ),
    Place(
        "surveys:questionnaires", _("Questionnaires"), "clipboard-list", _DOOR | _LIBRARY, _TAKING_IN,
        "surveys:questionnaire surveys:questions surveys:entry surveys:sheet surveys:sheets",
    ),
    Place("feedback:posters", _("QR posters"), "qr-code", _DOOR, _TAKING_IN),

    Place("reports:list", _("Reports"), "file-text", SEES_ALL_FIGURES, _ANALYSIS, "reports:report"),
    Place("reports:ledger", _("Ledgers"), "notebook-text", SEES_FIGURES, _ANALYSIS),
    Place("feedback:problems", _("Common problems"), "boxes", _LIBRARY, _ANALYSIS, "feedback:problem"),
    Place(
        "feedback:classifier", _("Classifier"), "scan-text", {Role.OFFICE, Role.ANALYST, Role.AUDITOR, Role.ADMIN},
        _ANALYSIS,
    ),

    Place(
        "feedback:appeals", _("Complaints about the handling"), "scale", {Role.AUDITOR}, _SUPERVISION,
        "feedback:appeal", hot=True,
    ),
    Place(
        "supervision:samples", _("Supervision of the handling"), "search-check", {Role.AUDITOR}, _SUPERVISION,
        "supervision:sample supervision:sheet supervision:checklists supervision:checklist",
    ),
    Place("supervision:findings", _("Findings"), "flag", _LEDGER, _SUPERVISION, "supervision:finding"),
    Place(
        "supervision:meetings", _("Meetings"), "presentation", TAKES_PART, _SUPERVISION,
        "supervision:meeting supervision:actions supervision:action",
    ),
    Place(
        "tickets:archive", _("The archive"), "archive", EVERYBODY, _SUPERVISION,
        "tickets:archive-record tickets:erasures tickets:erasure",
    ),
    Place("sla:ledger", _("Accountability"), "gavel", _LEDGER, _SUPERVISION, "sla:record sla:supervision"),
    Place("accounts:access-log", _("Access log"), "eye", {Role.AUDITOR}, _SUPERVISION),

    Place("accounts:shifts", _("Shifts"), "calendar-clock", {Role.OFFICE, Role.AGENT, Role.HEAD}, _RULES),
    Place(
        "sla:policies", _("Time limits"), "timer", _SETTERS, _RULES,
        "sla:policy sla:policy-new sla:apply sla:simulate sla:calendars sla:calendar sla:calendar-new sla:set-day "
        "sla:clear-day sla:import-days",
    ),
    Place(
        "tickets:routing", _("Routing rules"), "route", _SETTERS, _RULES, "tickets:routing-rule tickets:routing-new"
    ),
    Place(
        "tickets:canned", _("Canned replies"), "message-square-text", _SETTERS, _RULES,
        "tickets:canned-reply tickets:canned-new",
    ),
    Place("knowledge:articles", _("Knowledge base"), "book-open", WRITES, _RULES, "knowledge:edit knowledge:new"),
    Place(
        "tickets:public-pages", _("Public pages"), "globe", {Role.OFFICE}, _RULES,
        "tickets:improvement-new tickets:improvement-edit tickets:page-text",
    ),
    Place(
        "notices:sms-templates", _("SMS templates"), "message-square-more", _SETTERS, _RULES,
        "notices:sms-template notices:sms-template-new",
    ),
    Place("feedback:rules", _("Keyword rules"), "text-search", _SETTERS, _RULES, "feedback:rule feedback:rule-new"),
    Place(
        "feedback:sources", _("Sources"), "plug", {Role.ADMIN}, _RULES,
        "feedback:source feedback:source-new feedback:source-secret",
    ),
    Place("feedback:webhooks", _("Webhooks"), "webhook", {Role.ADMIN}, _RULES, "feedback:webhook feedback:webhook-new"),
    Place("admin:index", _("Administration"), "settings", {Role.ADMIN}, _RULES),
    Place(BELL, _("Notices"), "bell", EVERYBODY, hot=True),
)  # fmt: skip


def entries(request: HttpRequest) -> Iterator[Entry]:
    """In the rail's order."""
    user = request.user
    if not user.is_authenticated:
        return
    waiting = what_waits(request, user)
    for place in PLACES:
        if place.url_name == "admin:index" and not user.is_staff:
            continue
        if place.roles is EVERYBODY or any_of(user.roles, place.roles):
            yield Entry(
                place.url_name,
                str(place.label),
                place.icon,
                count=waiting.get(place.url_name, 0),
                hot=place.hot,
                minor=not place.in_phone_bar,
                group=str(place.group),
                covers=tuple(place.covers.split()),
            )


def what_waits(request: HttpRequest, user: User) -> dict[str, int]:
    """By the address of the place where it waits. What the page itself has counted is not counted again."""
    tickets = saved_views.known_of(request)
    views = [view for view in saved_views.offered_to(user) if view.code in {"overdue", "review"} - tickets.keys()]
    if views:
        tickets = tickets | saved_views.counts(views, Ticket.objects.visible_to(user), user, timezone.now())
    waiting = {
        "tickets:queue": tickets.get("overdue", 0),
        "feedback:review": tickets.get("review", 0),
        BELL: Notice.objects.shown_to(user).unread().order_by()[:100].count(),
    }
    if user.has_role(Role.AUDITOR):
        waiting["feedback:appeals"] = Appeal.objects.visible_to(user).filter(answered_at=None).count()
    return waiting
