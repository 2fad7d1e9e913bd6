"""Keyword rules: the list, the editor, what a rule would do before it is saved (C3.1)."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required
from accounts.roles import Role
from feedback.learning import services_rules
from feedback.learning.forms import PageForm
from feedback.models import KeywordRule
from feedback.panels import CAUSES, WHY_NOT
from tickets.models import Category
from tickets.workflow import Nature, Tier

NAMED = {"tier", "nature", "category"}

setters = role_required(Role.ADMIN, Role.OFFICE)


@require_safe
@setters
def rules(request: HttpRequest) -> HttpResponse:
    """All rules by what they do. Two queries."""
    rows = list(KeywordRule.objects.order_by("position", "code"))
    groups = [
        (label, some)
        for code, label in KeywordRule.Effect.choices
        if (some := [row for row in rows if row.effect == code])
    ]
    named = dict(Tier.choices) | dict(Nature.choices) | {row.code: str(row) for row in Category.objects.all()}
    for row in rows:
        if row.effect in NAMED:
            row.value_name = named.get(row.value, row.value)
        else:  # what an alert is called is a code of the API; the causes of a review have names
            row.value_name = CAUSES.get(row.value, "") if row.effect == KeywordRule.Effect.REVIEW else ""
    return render(request, "feedback/rules.html", {"groups": groups, "count": len(rows)})


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def new(request: HttpRequest) -> HttpResponse:
    return edited(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def rule(request: HttpRequest, code: str) -> HttpResponse:
    return edited(request, get_object_or_404(KeywordRule, code=code))


def edited(request: HttpRequest, row: KeywordRule | None) -> HttpResponse:
    """The editor. `preview` tells the effect and saves nothing."""
    stored = KeywordRule.objects.filter(pk=row.pk).first() if row else None  # the form writes into its own instance
    form = PageForm(request.POST or None, instance=row)
    context: dict[str, Any] = {"form": form, "rule": stored}
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif "preview" in request.POST:
            context["effect"] = services_rules.effect(form.rule(), stored, reader=request.user)
            if text := form.cleaned_data["trial"]:
                fires, found = services_rules.tried(form.rule(), text)
                context["trial"] = {"fires": fires, "found": [(one, WHY_NOT.get(one.why, "")) for one in found]}
        else:
            with transaction.atomic():
                saved = form.save()
                services_rules.record(saved, by=request.user, new=row is None, change=", ".join(form.changed_data))
            messages.success(request, _("Saved. It counts from the next message on."))
            return redirect("feedback:rules")
    return render(request, "feedback/rule.html", context, status=status)


@require_POST
@setters
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """What it did to past tickets stays with them."""
    row = get_object_or_404(KeywordRule, code=code)
    with transaction.atomic():
        services_rules.record(row, by=request.user, gone=True, change="")
        row.delete()
    messages.success(request, _("The rule is deleted. What it found stays with the tickets."))
    return redirect("feedback:rules")
