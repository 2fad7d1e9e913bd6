"""Policies: list, editor with a preview of what it would move, and the simulator."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import region_field
from accounts.access import role_required
from accounts.roles import Role
from sla import explaining, ladder_words, panels, replay, rulebook, services_policies, worktime
from sla.forms import SimulationForm, TargetFormSet
from sla.forms_policies import NewPolicyForm, PolicyForm
from sla.models import Metric, SlaPolicy
from tickets.models import Ticket
from tickets.workflow import Nature, Tier

setters = role_required(Role.ADMIN, Role.OFFICE)
STRIP = 1000  # width of the drawn strip
LONGEST_STRIP = 400  # days


@require_safe
@setters
def policies(request: HttpRequest) -> HttpResponse:
    return listed(request)


def listed(request: HttpRequest, **context: Any) -> HttpResponse:
    rows = SlaPolicy.objects.prefetch_related("targets__calendar").order_by("position", "code")
    return render(request, "sla/policies.html", {"policies": rows, **context})


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def new(request: HttpRequest) -> HttpResponse:
    """A policy begins with the limits of another one; they are edited on its page."""
    form = NewPolicyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            row = form.save()
        messages.success(request, _("Saved. Tickets that are open keep their limits until you apply the policy."))
        return redirect("sla:policy", row.code)
    return render(request, "sla/policy_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def policy(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(SlaPolicy, code=code)
    form, formset = PolicyForm(request.POST or None, instance=row), TargetFormSet(request.POST or None, instance=row)
    effect, at = None, timezone.now()
    status = 200
    if request.method == "POST":
        if not (form.is_valid() and formset.is_valid()):
            status = 422
        elif "preview" in request.POST:
            effect = services_policies.preview(lambda: save(form, formset), at=at)
        else:
            with transaction.atomic():
                save(form, formset)
            messages.success(request, _("Saved. Tickets that are open keep their limits until you apply the policy."))
            return redirect("sla:policy", row.code)
    fits = SlaPolicy.objects.only("match").get(pk=row.pk).match
    context = {"policy": row, "fits": fits, "form": form, "formset": formset, "effect": effect}
    context["words"] = ladder_words.all_words()
    return render(request, "sla/policy.html", context, status=status)


def save(form: PolicyForm, formset: Any) -> None:
    form.save()
    formset.save()


@require_POST
@setters
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Open tickets keep the limits that they carry; the default stays."""
    row = get_object_or_404(SlaPolicy, code=code)
    if row.is_default:
        messages.error(request, _("The default cannot be deleted; make another policy the default first."))
        return redirect("sla:policy", row.code)
    row.delete()
    messages.success(request, _("Deleted. Tickets that are open keep their limits until you apply the policies."))
    return redirect("sla:policies")


@require_POST
@setters
def apply(request: HttpRequest) -> HttpResponse:
    """Give open tickets the limits of today, or only say what that would move."""
    if "preview" in request.POST:
        return listed(request, effect=services_policies.preview(lambda: None, at=timezone.now()))
    effect = services_policies.apply_to_open(at=timezone.now(), by=request.user)
    done = _("%(tickets)s open tickets: due times moved %(moved)s, overdue now %(overdue)s.")
    messages.success(request, done % vars(effect))
    return redirect("sla:policies")


@require_safe
@setters
def simulate(request: HttpRequest) -> HttpResponse:
    """Every due time of a case that would come in like that, with the reason. Nothing is written."""
    start = {"nature": Nature.COMPLAINT, "tier": Tier.L2, "channel": "web", "at": timezone.localtime()}
    form = SimulationForm(request.GET or None, initial=start)
    rows: list[dict[str, Any]] = []
    if form.is_valid():
        rows = simulated(form.case(), form.cleaned_data["at"])
    days = days_of(form.cleaned_data["at"], max(row["due"] for row in rows)) if rows else []
    context = {"form": form, "rows": rows, "days": days, "strip": STRIP, "height": 28 * len(rows) + 44}
    context["regions"] = region_field.names()
    return render(request, "sla/simulate.html", context, status=422 if request.GET and form.errors else 200)


def days_of(start: datetime, end: datetime) -> list[dict[str, Any]]:
    """The midnights of the strip with their dates; so many of them named that the names do not touch."""
    first, length = timezone.localtime(start), (end - start).total_seconds() or 1
    day = first.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    midnights = []
    while day < end and len(midnights) < LONGEST_STRIP:
        midnights.append(day)
        day += timedelta(days=1)
    every = max(1, len(midnights) // 12 + 1)
    return [
        {
            "x": round(STRIP * (day - start).total_seconds() / length, 1),
            "name": f"{day.month}/{day.day}" if number % every == 0 else "",
        }
        for number, day in enumerate(midnights)
    ]


def simulated(ticket: Ticket, at: datetime) -> list[dict[str, Any]]:
    rules = rulebook.rules_for(ticket, at)
    rows = [row_of(rule, at) for rule in rules.values() if rule.metric != Metric.CUSTOMER_REPLY]
    rows.sort(key=lambda row: row["due"])
    longest = max(((row["due"] - at).total_seconds() for row in rows), default=0) or 1
    for number, row in enumerate(rows):
        row["y"] = 28 * number + 38
        row["width"] = round(max(2, STRIP * (row["due"] - at).total_seconds() / longest))
        row["counted"] = [
            {
                "x": round(STRIP * (span.start - at).total_seconds() / longest, 1),
                "width": round(max(1, STRIP * (span.end - span.start).total_seconds() / longest), 1),
            }
            for span in row["spans"]
        ]
    return rows


def row_of(rule: rulebook.Rule, at: datetime) -> dict[str, Any]:
    run = replay.replay([replay.Event(at=at, kind=replay.START, target=rule.target)], at)
    spans = [span for span in run.spans if span.kind == replay.COUNTED]
    return {
        "label": Metric(rule.metric).label,
        "due": run.due,
        "spans": spans[:200],
        "lines": panels.in_words(panels.by_day(explaining.intervals_of(run.spans)), rule.snapshot, run.due)[:60],
        "total_s": run.limit,
        "rule": panels.rule_of(rule.snapshot, rule.metric),
        "provisional": worktime.is_provisional(run.due, rule.target.calendar),
    }
