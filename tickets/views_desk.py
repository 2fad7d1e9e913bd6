"""My desk: what has to be done now, and what I follow."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import BooleanField, ExpressionWrapper, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Shift
from accounts.roles import SEES_ALL_FIGURES, Role, any_of
from notices import wording
from notices.models import Notice
from tickets import next_step
from tickets.handling import reviewing
from tickets.models import Ticket
from tickets.querysets import is_one_of
from tickets.queue import first_start, saved_views
from tickets.workflow import Status

SIZE = 8


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, five lists and their counts, until when one is on duty: about nine queries."""
    user, at = request.user, timezone.now()
    visible = Ticket.objects.visible_to(user)
    ours = visible.open().for_rows()
    pool = Q(status=Status.NEW) if user.has_role(Role.AGENT, Role.OFFICE) else Q(pk__in=[])
    if user.has_role(Role.HANDLER, Role.HEAD) and user.department_id:
        pool |= Q(status=Status.ASSIGNED, owner=None, department=user.department_id)
    at_gate = is_one_of(reviewing.waiting_for(user).order_by().values("ticket"))
    mine = Q(owner=user) | Q(first_contact=user) | pool | at_gate
    urgent = list(
        ours.filter(mine)
        .annotate(waits_for_me=ExpressionWrapper(at_gate, BooleanField()))
        .exclude(next_due_at=None)
        .by_urgency()[:SIZE]
    )
    for ticket in urgent:
        ticket.act = next_step.at_a_glance(ticket, user, at, reviews=ticket.waits_for_me)
    views = [saved_views.VIEWS[code] for code in ("overdue", "today", "mine", "first", "unassigned", "review")]
    offered = saved_views.offered_to(user)
    views = [view for view in views if view in offered]
    condition = import_string(settings.CONDITION)(user, at) if set(user.roles) == {Role.ADMIN} else None
    if condition:  # an administrator sees no case, so no figures of cases either
        views = []
    counts = saved_views.counted(views, visible, request, at)
    unread = list(Notice.objects.shown_to(user).unread().order_by("-created_at", "-pk")[:5])
    for notice in unread:
        notice.subject, body = wording.words(notice, request.LANGUAGE_CODE)
        notice.address, _body = wording.address_apart(body)
    handles = user.has_role(Role.AGENT, Role.HANDLER, Role.HEAD, Role.OFFICE)
    context = {
        "greeting": greeting(timezone.localtime(at).hour),
        "on_duty_until": Shift.objects.at(at).filter(person=user).aggregate(end=Max("ends_at"))["end"],
        "figures": [
            {"label": view.label, "count": counts.get(view.code, 0), "code": view.code, "cap": saved_views.CAP}
            for view in views
        ],
        "lines": import_string(settings.DESK)(user, at),
        "handles": handles,
        "looks_on": not handles and any_of(user.roles, SEES_ALL_FIGURES),
        "condition": condition,
        "urgent": urgent,
        "first_act": next((ticket.pk for ticket in urgent if ticket.act.own), None),
        "first_start": not urgent and first_start.is_written_now(),
        "first": list(
            ours.filter(first_contact=user).exclude(pk__in=[ticket.pk for ticket in urgent]).by_urgency()[:SIZE]
        ),
        "waiting": list(ours.filter(mine, status=Status.WAITING).order_by("received_at", "pk")[:SIZE]),
        "review": list(ours.filter(needs_review=True).order_by("received_at", "pk")[:SIZE])
        if any(view.code == "review" for view in views)
        else [],
        "notices": unread,
    }
    return render(request, "tickets/desk.html", context)


def greeting(hour: int) -> str:
    if hour < 5 or hour >= 18:
        return _("Good evening")
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon")
