"""The rail of the work pages: which places a person sees, with what waits there. Two queries."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import SEES_FIGURES, Role, any_of
from common.rail import BELL, Entry
from feedback.models import Appeal
from notices.models import Notice
from supervision.services_meetings import TAKES_PART
from tickets import saved_views
from tickets.models import Ticket

_LIMITS = (
    "sla:policy", "sla:apply", "sla:simulate", "sla:calendars", "sla:calendar", "sla:set-day", "sla:clear-day",
    "sla:import-days",
)  # fmt: skip
_IMPORTS = ("feedback:import", "feedback:import-act")
_SOURCES = ("feedback:source", "feedback:source-new", "feedback:source-secret")
_HOOKS = ("feedback:webhook", "feedback:webhook-new")
_RULES = ("feedback:rule", "feedback:rule-new")
_BOXES = ("feedback:box", "feedback:new-box", "feedback:opening", "feedback:box-labels")
_MAILS = ("feedback:mail", "feedback:mailboxes", "feedback:mailbox", "feedback:mailbox-new")
_ROUTING = ("tickets:routing-rule", "tickets:routing-new")
_SHEETS = (
    "surveys:questionnaire", "surveys:questions", "surveys:entry", "surveys:sheet", "surveys:sheets",
)  # fmt: skip
_ARCHIVE = ("tickets:archive-record", "tickets:erasures", "tickets:erasure")
_MEETINGS = ("supervision:meeting", "supervision:actions", "supervision:action")
_SAMPLES = ("supervision:sample", "supervision:sheet", "supervision:checklists", "supervision:checklist")
_LEDGER = {Role.OFFICE, Role.AUDITOR, Role.LEADER, Role.HEAD, Role.HANDLER}
_SETTERS = {Role.OFFICE, Role.ADMIN}


def entries(request: HttpRequest) -> Iterator[Entry]:
    """In the rail's order; `common.rail` leaves out what has no address yet."""
    user = request.user
    if not user.is_authenticated:
        return
    views = [view for view in saved_views.offered_to(user) if view.code in {"overdue", "review"}]
    waiting = saved_views.counts(views, Ticket.objects.visible_to(user), user, timezone.now())
    unread = Notice.objects.shown_to(user).unread().order_by()[:100].count()
    tickets = ("tickets:ticket", "tickets:move", "tickets:bulk", "tickets:reveal", "tickets:read")
    yield Entry("tickets:desk", _("My desk"), "panels-top-left")
    yield Entry("tickets:queue", _("Tickets"), "list", count=waiting.get("overdue", 0), hot=True, covers=tickets)
    yield Entry("tickets:archive", _("The archive"), "archive", minor=True, covers=_ARCHIVE)
    if user.has_role(Role.OFFICE):
        yield Entry("tickets:board", _("Dispatch"), "waypoints", minor=True)
    if any_of(user.roles, {Role.AGENT, Role.OFFICE}):
        yield from at_the_door(waiting)
    if any_of(user.roles, {Role.AGENT, Role.OFFICE, Role.AUDITOR}):
        yield Entry("feedback:boxes", _("Suggestion boxes"), "inbox", minor=True, covers=_BOXES)
    if any_of(user.roles, {Role.AGENT, Role.OFFICE, Role.ANALYST, Role.AUDITOR, Role.LEADER}):
        yield Entry("surveys:questionnaires", _("Questionnaires"), "clipboard-list", minor=True, covers=_SHEETS)
    if any_of(user.roles, SEES_FIGURES):
        yield Entry("reports:overview", _("Figures"), "chart-column", apart=True)
        yield Entry("reports:list", _("Reports"), "file-text", minor=True, covers=("reports:report",))
        yield Entry("reports:ledger", _("Ledgers"), "notebook-text", minor=True)
    if any_of(user.roles, {Role.OFFICE, Role.ANALYST, Role.AUDITOR, Role.LEADER}):
        yield Entry("feedback:problems", _("Common problems"), "boxes", minor=True, covers=("feedback:problem",))
    if any_of(user.roles, _LEDGER):
        yield Entry("sla:ledger", _("Accountability"), "gavel", minor=True, covers=("sla:record", "sla:supervision"))
    if any_of(user.roles, TAKES_PART):
        yield Entry("supervision:meetings", _("Meetings"), "presentation", minor=True, covers=_MEETINGS)
    if any_of(user.roles, _LEDGER):
        yield Entry("supervision:findings", _("Findings"), "flag", minor=True, covers=("supervision:finding",))
    if any_of(user.roles, {Role.OFFICE, Role.AGENT, Role.HEAD}):
        yield Entry("accounts:shifts", _("Shifts"), "calendar-clock", minor=True)
    if any_of(user.roles, {Role.OFFICE, Role.ANALYST, Role.AUDITOR, Role.ADMIN}):
        yield Entry("feedback:classifier", _("Classifier"), "scan-text", minor=True)
    if any_of(user.roles, _SETTERS):
        yield Entry("sla:policies", _("Time limits"), "timer", minor=True, apart=True, covers=_LIMITS)
        yield Entry("tickets:routing", _("Routing rules"), "route", minor=True, covers=_ROUTING)
        yield Entry("feedback:rules", _("Keyword rules"), "text-search", minor=True, covers=_RULES)
        yield Entry("feedback:mails", _("Mails"), "mails", minor=True, covers=_MAILS)
    if user.has_role(Role.AUDITOR):
        open_ = Appeal.objects.visible_to(user).filter(answered_at=None).count()
        covers = ("feedback:appeal",)
        yield Entry(
            "feedback:appeals", _("Complaints about the handling"), "scale", count=open_, hot=True, covers=covers
        )
        yield Entry(
            "supervision:samples", _("Supervision of the handling"), "search-check", minor=True, covers=_SAMPLES
        )
        yield Entry("accounts:access-log", _("Access log"), "eye", minor=True, apart=True)
    if user.has_role(Role.ADMIN):
        yield Entry("feedback:sources", _("Sources"), "plug", minor=True, apart=True, covers=_SOURCES)
        yield Entry("feedback:webhooks", _("Webhooks"), "webhook", minor=True, covers=_HOOKS)
    if user.is_staff and user.has_role(Role.ADMIN):
        yield Entry("admin:index", _("Administration"), "settings", minor=True)
    yield Entry(BELL, _("Notices"), "bell", count=unread, hot=True)


def at_the_door(waiting: dict[str, int]) -> Iterator[Entry]:
    """For those who take feedback down."""
    registering = ("feedback:registered", "feedback:letters", "feedback:letters-entered", "feedback:counter")
    yield Entry("feedback:register", _("Register"), "phone", covers=registering)
    yield Entry("feedback:review", _("Manual review"), "scan-eye", count=waiting.get("review", 0), minor=True)
    yield Entry("feedback:imports", _("Imports"), "upload", minor=True, covers=_IMPORTS)
    yield Entry("feedback:hotline", _("Hotline"), "headset", minor=True, covers=("feedback:hotline-script",))
    yield Entry("feedback:posters", _("Posters with a QR code"), "qr-code", minor=True)
    yield Entry("surveys:calls", _("Call-backs"), "message-circle", minor=True, covers=("surveys:calls",))
