"""Shifts (C3.2): two weeks at a glance, what nobody covers, and planning."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import duty
from accounts.access import role_required
from accounts.forms import ShiftForm
from accounts.models import Shift
from accounts.roles import Role

DAYS = 14
PLANNERS = (Role.OFFICE, Role.ADMIN)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OFFICE, Role.ADMIN, Role.AGENT, Role.HEAD)
def shifts(request: HttpRequest) -> HttpResponse:
    first, today = day_asked(request), timezone.localdate()
    start = {
        "first": today,
        "last": today + timedelta(days=13),
        "weekdays": list(range(5)),
        "opens": "09:00",
        "closes": "18:00",
    }
    form, status = ShiftForm(initial=start), 200
    if request.method == "POST":
        if not request.user.has_role(*PLANNERS):
            raise PermissionDenied
        form, status = ShiftForm(request.POST), 422
        if form.is_valid():
            try:
                planned = duty.plan(**form.cleaned_data)
            except duty.ShiftRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("%(count)s shifts planned.") % {"count": len(planned)})
                return to(form.cleaned_data["first"])
    context = {
        "days": duty.roster(first, DAYS), "form": form if request.user.has_role(*PLANNERS) else None, "today": today,
        "before": first - timedelta(days=DAYS), "after": first + timedelta(days=DAYS),
    }  # fmt: skip
    return render(request, "accounts/shifts.html", context, status=status)


@require_POST
@role_required(*PLANNERS)
def remove_shift(request: HttpRequest, pk: int) -> HttpResponse:
    shift = get_object_or_404(Shift, pk=pk)
    day = timezone.localdate(shift.starts_at)
    shift.delete()
    messages.success(request, _("The shift is removed."))
    return to(day)


def to(day: date) -> HttpResponse:
    response = redirect("accounts:shifts")
    response["Location"] += f"?from={monday(day).isoformat()}"
    return response


def day_asked(request: HttpRequest) -> date:
    text = request.GET.get("from", "")
    if not text:
        return monday(timezone.localdate())
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadRequest from None
    if not 2000 <= day.year <= 2100:
        raise BadRequest
    return day


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
