"""Calendars: the year, dated exceptions, imports."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required
from accounts.roles import Role
from sla import services_calendars, year_view
from sla.errors import WorktimeError
from sla.forms import DayForm, ImportForm
from sla.forms_calendars import NEW, HoursForm, NewCalendarForm, written
from sla.models import Calendar, CalendarOverride

setters = role_required(Role.ADMIN, Role.OFFICE)


@require_safe
@setters
def calendars(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = [
        {"calendar": row, "lacks": services_calendars.lacks_next_year(row, today)}
        for row in Calendar.objects.order_by("code")
    ]
    return render(request, "sla/calendars.html", {"rows": rows, "next_year": today.year + 1})


@require_safe
@setters
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    return shown(request, get_object_or_404(Calendar, code=code))


@require_POST
@setters
def set_day(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Calendar, code=code)
    form = DayForm(request.POST)
    if form.is_valid():
        day, hours, reason = (form.cleaned_data[name] for name in ("date", "hours", "reason"))
        try:
            moved = services_calendars.set_day(
                row, day=day, slots=hours, reason=reason, at=timezone.now(), by=request.user
            )
        except WorktimeError as error:
            form.add_error(None, error.sentence(_))
        else:
            messages.success(request, saved(moved))
            return redirect_to(row, day)
    return shown(request, row, day_form=form, status=422)


@require_POST
@setters
def set_hours(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Calendar, code=code)
    form = HoursForm(request.POST, weekly={})
    if form.is_valid():
        try:
            moved = services_calendars.set_hours(row, form.weekly, at=timezone.now(), by=request.user)
        except WorktimeError as error:
            form.add_error(None, error.sentence(_))
        else:
            messages.success(request, saved(moved))
            return redirect_to(row, timezone.localdate())
    return shown(request, row, hours_form=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def new_calendar(request: HttpRequest) -> HttpResponse:
    given = request.POST or None
    form, hours = NewCalendarForm(given), HoursForm(given, weekly=NEW)
    if given and form.is_valid() and hours.is_valid():
        try:
            row = services_calendars.add_calendar(form.save(commit=False), hours.weekly)
        except WorktimeError as error:
            hours.add_error(None, error.sentence(_))
        else:
            return redirect("sla:calendar", row.code)
    status = 422 if form.errors or hours.errors else 200
    return render(request, "sla/calendar_new.html", {"form": form, "hours": hours}, status=status)


@require_POST
@setters
def clear_day(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    row = get_object_or_404(Calendar, code=code)
    override = get_object_or_404(CalendarOverride, calendar=row, pk=pk, source=CalendarOverride.Source.MANUAL)
    moved = services_calendars.clear_day(row, day=override.date, at=timezone.now(), by=request.user)
    messages.success(request, saved(moved))
    return redirect_to(row, override.date)


@require_POST
@setters
def import_days(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Calendar, code=code)
    form = ImportForm(request.POST, request.FILES, slots=services_calendars.usual_hours(row))
    if form.is_valid():
        try:
            with transaction.atomic():
                written, moved = services_calendars.import_days(
                    row, form.cleaned_data["rows"], known_until=form.cleaned_data["known_until"], at=timezone.now()
                )
        except WorktimeError as error:
            form.add_error("file", error.sentence(_))
        else:
            messages.success(request, _("%(days)s days imported.") % {"days": written} + " " + saved(moved))
            first = min((day.day for day in form.cleaned_data["rows"]), default=timezone.localdate())
            return redirect_to(row, first)
    return shown(request, row, import_form=form, status=422)


def saved(moved: int) -> str:
    if not moved:
        return _("Saved. No due time moved.")
    return _("Saved. Due times moved: %(moved)s.") % {"moved": moved}


def redirect_to(row: Calendar, day: date) -> HttpResponse:
    response = redirect("sla:calendar", row.code)
    response["Location"] += f"?year={day.year}"
    return response


def year_asked(request: HttpRequest) -> int:
    try:
        year = int(request.GET.get("year", timezone.localdate().year))
    except ValueError:
        raise BadRequest from None
    if not 2000 <= year <= 2100:
        raise BadRequest
    return year


def shown(
    request: HttpRequest,
    row: Calendar,
    *,
    day_form: DayForm | None = None,
    import_form: ImportForm | None = None,
    hours_form: HoursForm | None = None,
    status: int = 200,
) -> HttpResponse:
    year, today = year_asked(request), timezone.localdate()
    context: dict[str, Any] = {
        "calendar": row,
        "year": year,
        "years": range(max(2000, year - 1), min(2100, year + 1) + 1),
        "months": year_view.year_of(row, year),
        "overrides": row.overrides.filter(date__year=year),
        "day_form": day_form or DayForm(),
        "import_form": import_form or ImportForm(slots=()),
        "hours_form": hours_form or HoursForm(weekly=written(row)),
        "lacks": services_calendars.lacks_next_year(row, today),
        "next_year": today.year + 1,
    }
    return render(request, "sla/calendar.html", context, status=status)
