"""Routing rules: the list with what each does, the editor with its effect, the try-out (B3.1)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import region_field
from accounts.access import role_required
from accounts.models import Department, Region
from accounts.roles import Role
from common.wording import listed
from tickets.dispatch import pool, routing, services_routing
from tickets.dispatch import wording as wording_routing
from tickets.dispatch.forms import RoutingRuleForm, TryForm
from tickets.dispatch.services_routing import case_of_ticket, rules_now
from tickets.forms import Offer
from tickets.models import RoutingRule, Ticket

setters = role_required(Role.ADMIN, Role.OFFICE)
LAST = 200  # tickets on which the effect of a rule is shown


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in their order, with how many of the last tickets each would take; and one case tried out: by POST,
    because the words of a customer belong into no address, and may be longer than one.
    """
    asked = request.POST or request.GET
    form = TryForm(asked if "text" in asked or "number" in asked else None)
    tried, status = None, 200
    names = Offer().names()
    if form.is_bound:
        tried, status = (outcome(request, form, names), 200) if form.is_valid() else (None, 422)
        status = 422 if form.errors else status
    hits = Counter(code for _number, code, _department in sent(last_tickets(), rules_now()))
    rows = RoutingRule.objects.select_related("department").order_by("position", "code")
    context = {
        "rules": [{"rule": row, "conditions": conditions(row, names), "hits": hits.get(row.code, 0)} for row in rows],
        "by_category": hits.get("", 0), "nowhere": hits.get(None, 0), "last": sum(hits.values()), "form": form,
        "tried": tried, "regions": region_field.names(),
    }  # fmt: skip
    return render(request, "tickets/routing.html", context, status=status)


def outcome(request: HttpRequest, form: TryForm, names: Any) -> dict[str, Any] | None:
    """Where the case would go, and why. Nothing is locked or written."""
    case, customer = form.case(), None
    found_in_text = form.judged()
    category = form.categories.get(case.category)
    if number := form.cleaned_data["number"].strip():
        seen = Ticket.objects.visible_to(request.user).select_related("category__department", "customer")
        ticket = seen.filter(number=number).first()
        if ticket is None:
            form.add_error("number", _("No ticket of this number that you may see."))
            return None
        case, category, customer = case_of_ticket(ticket), ticket.category, ticket.customer
        found_in_text = []
    found = services_routing.route(case, category=category, customer=customer, at=timezone.now(), dealing=False)
    people = [(names.person(name), counted(count, most), most) for name, count, most in found.because.get("people", [])]
    return {
        "route": found, "why": wording_routing.why(found.because, names), "people": people,
        "judged": [(wording_routing.CONDITIONS[name], said(name, code, names)) for name, code in found_in_text],
    }  # fmt: skip


def counted(count: int, capacity: int | None) -> str:
    """More are not counted unless somebody's limit asks for it (`pool.COUNTED_TO`)."""
    return f"{count}+" if count == pool.COUNTED_TO >= (capacity or 0) else str(count)


def said(name: str, code: str, names: Any) -> str:
    region = Region.objects.filter(pk=code).first() if name == "region" else None
    return region.full_name if region else wording_routing.value_of(name, code, names)


def conditions(rule: RoutingRule, names: Any) -> list[tuple[Any, str]]:
    return [
        (
            wording_routing.CONDITIONS[name],
            listed(wording_routing.value_of(name, str(one), names) for one in values),
        )
        for name in routing.CONDITIONS
        if (values := rule.match.get(name))
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def rule(request: HttpRequest, code: str = "") -> HttpResponse:
    """Edit a rule, or make one; `preview` shows what it would change for the last tickets, and saves nothing."""
    row = get_object_or_404(RoutingRule, code=code) if code else RoutingRule()
    form, effect, status = RoutingRuleForm(request.POST or None, instance=row), None, 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif "preview" in request.POST:
            effect = effect_of(form)
        else:
            form.save()
            messages.success(request, _("Saved. It decides about cases that come in from now on."))
            return redirect("tickets:routing")
    context = {"rule": row if code else None, "form": form, "effect": effect}
    return render(request, "tickets/routing_rule.html", context, status=status)


@require_POST
@setters
def move(request: HttpRequest, code: str) -> HttpResponse:
    """One place up or down. All positions are written anew, so that equal ones cannot stand in the way."""
    with transaction.atomic():
        rows = list(RoutingRule.objects.select_for_update().order_by("position", "code"))
        place = next((index for index, row in enumerate(rows) if row.code == code), None)
        other = (place or 0) + (-1 if request.POST.get("to") == "up" else 1)
        if place is not None and 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
            for index, row in enumerate(rows):
                row.position = 10 * (index + 1)
            RoutingRule.objects.bulk_update(rows, ["position"])
    return redirect("tickets:routing")


# --- the effect ------------------------------------------------------------------------------------
def last_tickets() -> list[Ticket]:
    rows = Ticket.objects.select_related("category__department", "customer").order_by("-received_at", "-pk")
    return list(rows.defer("verdict")[:LAST])


def sent(
    tickets: Sequence[Ticket], rules: Sequence[RoutingRule]
) -> list[tuple[str | None, str | None, Department | None]]:
    """For each ticket its number, the rule's code ("" for the category's department, None for nowhere), the department."""
    found = []
    for ticket in tickets:
        hit = routing.first(rules, case_of_ticket(ticket))
        if hit:
            found.append((ticket.number, hit[0].code, hit[0].department))
        else:
            home = ticket.category.department if ticket.category else None
            home = home if home and home.is_active else None
            found.append((ticket.number, "" if home else None, home))
    return found


def effect_of(form: RoutingRuleForm) -> dict[str, Any]:
    """What the last tickets would have done with the rule as it stands in the form."""
    tickets, draft = last_tickets(), form.instance
    now = rules_now()
    others = [row for row in now if row.pk != draft.pk]
    drafted = sorted([*others, draft] if draft.is_active else others, key=lambda row: (row.position, row.code))
    before, after = sent(tickets, now), sent(tickets, drafted)
    moved = [
        {"number": old[0], "before": old[2], "after": new[2]}
        for old, new in zip(before, after, strict=True)
        if (old[2] and old[2].pk) != (new[2] and new[2].pk)
    ]
    taken = sum(1 for _number, code, _department in after if code == draft.code)
    return {"last": len(tickets), "taken": taken, "moved": moved[:20], "moves": len(moved)}
