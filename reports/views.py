"""Pages of figures and reports. Who sees no figures gets 403; a head sees the own department's only."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe
from redis.exceptions import RedisError

from common.wording import in_english
from reports import access, comma, periods, services, sources, upkeep
from reports.document import document, span
from reports.downloads import file_of, table_of
from reports.forms import BY, KINDS, BuildForm, ConclusionsForm, PeriodForm
from reports.models import Report
from reports.overview import Overview
from reports.overview import overview as figures_of

FRESH_SECONDS = 60  # the page says as of when its figures are


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    period, by, as_of, figures = _figures(request)
    return render(
        request,
        "reports/overview.html",
        {
            "figures": figures,
            "as_of": as_of,
            "period": period,
            "last_day": period.last_day,
            "kind": periods.kind_of(period) or "month",
            "kinds": KINDS,
            "by": by,
            "bys": BY,
            "day": period.start.astimezone(periods.ZONE).date(),
            "previous_day": periods.previous(period).start.astimezone(periods.ZONE).date(),
            "next_day": periods.following(period).start.astimezone(periods.ZONE).date(),
            "sees_all": access.sees_all(request.user),
        },
    )


@login_required
@require_safe
def overview_table(request: HttpRequest, name: str) -> HttpResponse:
    """A table of the page of figures as CSV: the very figures that the page shows within the same minute."""
    period, by, _as_of, figures = _figures(request)
    lines = comma.overview_tables(figures).get(name)
    if lines is None:
        raise Http404
    kind = periods.kind_of(period) or "month"
    by_name = f"-by-{by}" if name == "groups" else ""
    return comma.answer(lines, f"figures-{periods.key_of(period.start, kind)}-{name}{by_name}")


def _figures(request: HttpRequest) -> tuple[periods.Period, str, datetime, Overview]:
    tickets = access.tickets_counted_for(request.user)
    form = PeriodForm(request.GET)
    period = form.period(timezone.localdate())
    by = form.cleaned_data.get("by") or "department"
    language = get_language() or ""
    everything = access.sees_all(request.user)
    reach = hashlib.sha256(str(tickets.query).encode()).hexdigest()
    key = f"reports.overview:{reach}:{period.start.isoformat()}:{period.end.isoformat()}:{by}:{language}"
    at = timezone.now()

    def count() -> tuple[datetime, Overview]:
        english = in_english(language)
        figures = figures_of(tickets, period, by, everything=everything, at=at, english=english)
        if figures.pending:
            upkeep.ask(figures.pending, sources.splits(by))
        return (upkeep.as_counted() if figures.old else None) or at, figures

    return period, by, *_kept(key, count)


def _kept(key: str, count: Callable[[], tuple[datetime, Overview]]) -> tuple[datetime, Overview]:
    """What was counted within the last minute; counted anew when the cache is out of reach or something is lacking."""
    try:
        found = cache.get(key)
    except (RedisError, OSError):
        return count()
    if found is None:
        found = count()
        if found[1].pending:
            return found
        with suppress(RedisError, OSError):
            cache.set(key, found, FRESH_SECONDS)
    return found


@login_required
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """The newest first; `?state=draft` shows those that still wait for somebody."""
    _refuse_others(request)
    rows = Report.objects.defer("figures", "conclusions").select_related("approved_by")
    drafts = request.GET.get("state") == Report.State.DRAFT
    rows = (rows.filter(state=Report.State.DRAFT) if drafts else rows)[:200]
    return render(
        request,
        "reports/list.html",
        {
            "reports": [{"report": row, "span": span(row)} for row in rows],
            "drafts": drafts,
            "form": BuildForm(initial={"kind": "month", "day": _last_month()}),
            "may_build": access.may_write_reports(request.user),
        },
    )


def _last_month() -> date:
    return periods.previous(periods.containing(timezone.localdate(), "month")).start.date()


@login_required
@require_POST
def build(request: HttpRequest) -> HttpResponse:
    if not access.may_write_reports(request.user):
        raise PermissionDenied
    form = BuildForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a kind and a day."))
        return redirect("reports:list")
    try:
        report = services.build_report(
            kind=form.cleaned_data["kind"], start=form.cleaned_data["day"], at=timezone.now(), by=request.user
        )
    except services.ReportNotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:list")
    return redirect("reports:report", report.pk)


@login_required
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    _refuse_others(request)
    row = get_object_or_404(Report.objects.select_related("built_by", "approved_by"), pk=pk)
    draft, parts = row.state == Report.State.DRAFT, document(row)
    return render(
        request,
        "reports/report.html",
        {
            "report": row,
            "document": parts,
            "intact": services.is_intact(row),
            "newer": Report.objects.filter(kind=row.kind, start=row.start, version__gt=row.version)
            .order_by("-version")
            .values_list("pk", flat=True)
            .first(),
            "form": ConclusionsForm(initial={"text": "\n".join(parts.conclusions)})
            if draft and access.may_write_reports(request.user)
            else None,
            "may_approve": draft and access.may_approve_reports(request.user),
        },
    )


@login_required
@require_GET
def report_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    _refuse_others(request)
    return file_of(get_object_or_404(Report.objects.select_related("built_by", "approved_by"), pk=pk), form)


@login_required
@require_GET
def report_table(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    _refuse_others(request)
    return table_of(get_object_or_404(Report.objects.select_related("built_by", "approved_by"), pk=pk), name)


@login_required
@require_POST
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    if not access.may_write_reports(request.user):
        raise PermissionDenied
    row = get_object_or_404(Report, pk=pk)
    form = ConclusionsForm(request.POST)
    if form.is_valid():
        _say(
            request,
            lambda: services.write_conclusions(row, text=form.cleaned_data["text"], by=request.user),
            _("Saved"),
        )
    else:
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return redirect("reports:report", pk)


@login_required
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    if not access.may_approve_reports(request.user):
        raise PermissionDenied
    row = get_object_or_404(Report, pk=pk)
    _say(request, lambda: services.approve(row, by=request.user, at=timezone.now()), _("Approved"))
    return redirect("reports:report", pk)


def _say(request: HttpRequest, act, done: str) -> None:
    try:
        act()
    except services.ReportNotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)


def _refuse_others(request: HttpRequest) -> None:
    """Reports tell of the whole company."""
    if not access.sees_all(request.user):
        raise PermissionDenied
