"""Suggestion boxes: the register, labels to print, the record of an opening (C2.3)."""

from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import role_required, staff_required
from accounts.models import User
from accounts.roles import Role
from common import printed, qr
from feedback.paper import services as services_boxes
from feedback.paper.forms_boxes import BoxForm, OpeningForm
from feedback.paper.models import BOX_CLERKS, Box, BoxOpening

READING = ["GET", "HEAD", "POST"]
SHOWN = 50


@require_safe
@staff_required
def boxes(request: HttpRequest) -> HttpResponse:
    """The register, the overdue first. For a keeper the own ones. Three queries."""
    user, now = request.user, timezone.now()
    rows = Box.objects.visible_to(user).select_related("keeper", "region").order_by("-is_active", "due_at", "pk")
    open_ = BoxOpening.objects.filter(finished_at=None, box__in=Box.objects.visible_to(user))
    open_ = open_.select_related("box").annotate(entered=Count("slips"))
    if not rows and not user.has_role(*BOX_CLERKS, Role.AUDITOR):
        raise PermissionDenied
    context = {
        "rows": [(row, row.is_active and row.due_at <= now) for row in rows],
        "open": open_[:SHOWN],
        "may_set": user.has_role(Role.OFFICE),
    }
    return render(request, "feedback/boxes.html", context)


@require_http_methods(READING)
@role_required(Role.OFFICE)
def new_box(request: HttpRequest) -> HttpResponse:
    form = BoxForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        box = services_boxes.save_box(form.save(commit=False), at=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("feedback:box", box.pk)
    return render(request, "feedback/box_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(READING)
@staff_required
def box(request: HttpRequest, pk: int) -> HttpResponse:
    """One box: its openings, a form for the next record, and for the office its settings. Unseen is 404."""
    user, now = request.user, timezone.now()
    row = get_object_or_404(Box.objects.visible_to(user).select_related("keeper", "region"), pk=pk)
    may_set, may_open = user.has_role(Role.OFFICE), user.has_role(*BOX_CLERKS) or row.keeper_id == user.pk
    form = BoxForm(instance=row) if may_set else None
    record = OpeningForm(initial={"opened_at": timezone.localtime(now), "opener": user.username}) if may_open else None
    wrong: forms.BaseForm | None = None
    if request.method == "POST" and "save" in request.POST and may_set:
        form = BoxForm(request.POST, instance=get_object_or_404(Box, pk=pk))
        if form.is_valid():
            services_boxes.save_box(form.save(commit=False), at=now)
            messages.success(request, _("Saved."))
            return redirect("feedback:box", row.pk)
        wrong = form
    elif request.method == "POST" and may_open:
        wrong = record = OpeningForm(request.POST)
        if record.is_valid() and (opening := recorded(row, record, user, now)):
            if user.has_role(*BOX_CLERKS) and not opening.is_finished:
                return redirect("feedback:opening", opening.pk)
            messages.success(request, _("The opening is on record."))
            return redirect("feedback:box", row.pk)
    elif request.method == "POST":
        raise PermissionDenied
    openings = row.openings.select_related("opener").annotate(entered=Count("slips"))[:SHOWN]
    context = {
        "row": row, "form": form, "record": record, "wrong": wrong, "openings": openings,
        "overdue": row.is_active and row.due_at <= now, "may_enter": user.has_role(*BOX_CLERKS),
    }  # fmt: skip
    return render(request, "feedback/box.html", context, status=422 if wrong else 200)


def recorded(row: Box, form: OpeningForm, user: User, at: datetime) -> BoxOpening | None:
    try:
        return services_boxes.open_box(row, by=user, at=at, **form.cleaned_data)
    except services_boxes.BoxRefused as refused:
        form.add_error(None, str(refused))
        return None


@require_safe
@staff_required
def labels(request: HttpRequest) -> HttpResponse:
    """Labels to print and stick on: number, words, a QR code that leads to the same door by phone."""
    rows = Box.objects.visible_to(request.user).filter(is_active=True)
    wanted = request.GET.get("box", "")
    rows = rows.filter(number=wanted) if wanted else rows
    shown = [(row, qr.data_uri(address_of(row))) for row in rows[:200]]
    context = {"labels": shown, "printed": printed.rendered("feedback/_box_labels.html", {"labels": shown}, request)}
    context |= {"kept": urlencode({"box": wanted}) + "&" if wanted else ""}
    return render(request, "feedback/box_labels.html", context | printed.choice(request))


def address_of(row: Box) -> str:
    return settings.PUBLIC_BASE_URL + reverse("feedback:at-box", args=[row.number])


@require_safe
def at_box(request: HttpRequest, box_number: str) -> HttpResponse:
    """Where a box's QR code leads: colleagues to its page, everybody else to the form, with the place filled in."""
    row = get_object_or_404(Box, number=box_number)
    user = request.user
    if user.is_authenticated and Box.objects.visible_to(user).filter(pk=row.pk).exists():
        return redirect("feedback:box", row.pk)
    return redirect(reverse("feedback:form") + "?" + urlencode({"place": row.place}))
