"""The administrator's pages of sources: which other systems hand in, how their bodies are read, with a trial."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required
from accounts.roles import Role
from common import signatures
from feedback.channels import inbound
from feedback.models import RawMessage, Source
from feedback.sources import foreign
from feedback.sources.forms import SourceForm
from tickets.channels import Channel

setters = role_required(Role.ADMIN)
OLD_SECRET_HOLDS = timedelta(days=1)
SHOWN = 20


@require_safe
@setters
def listed(request: HttpRequest) -> HttpResponse:
    """One query."""
    of_source = RawMessage.objects.filter(source=OuterRef("code")).order_by().values("source")
    rows = Source.objects.annotate(
        taken=Subquery(of_source.annotate(n=Count("pk")).values("n")), last=Subquery(of_source.annotate(n=Max("received_at")).values("n"))
    )  # fmt: skip
    return render(request, "feedback/sources.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def new(request: HttpRequest) -> HttpResponse:
    form = SourceForm(request.POST or None, instance=Source(channel=Channel.REVIEW, created_at=timezone.now()))
    if request.method == "POST" and form.is_valid():
        if "try" not in request.POST:
            row = form.save()
            return shown(request, row, secret=row.secret)
        return render(request, "feedback/source_new.html", {"form": form, "tried": tried(form)})
    return render(request, "feedback/source_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def source(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Source, code=code)
    form = SourceForm(request.POST or None, instance=row)
    if request.method == "POST":
        if not form.is_valid():
            row.refresh_from_db()
            return shown(request, row, form=form, status=422)
        if "try" in request.POST:
            return shown(request, row, form=form, tried=tried(form))
        form.save()
        messages.success(request, _("Saved."))
        return redirect("feedback:source", row.code)
    return shown(request, row, form=form)


@require_POST
@setters
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """A new secret; the old one is taken for a day more."""
    row = get_object_or_404(Source, code=code)
    row.former_secret, row.former_until = row.secret, timezone.now() + OLD_SECRET_HOLDS
    row.secret = signatures.new_secret()
    row.save(update_fields=["secret", "former_secret", "former_until"])
    return shown(request, row, secret=row.secret)


def tried(form: SourceForm) -> list[dict[str, Any]]:
    """What would be read of the sample: our field, what stood there, what is wrong with it."""
    body = form.cleaned_data["sample"]
    if body is None:
        return []
    values = inbound.mapped(body, form.cleaned_data["mapping"])
    problems = foreign.read(values, at=timezone.now()).problems
    return [
        {"label": foreign.FIELDS[name], "value": foreign.plain(value)[:200], "problem": problems.get(name, "")}
        for name, value in values.items()
    ]


def shown(
    request: HttpRequest,
    row: Source,
    *,
    form: SourceForm | None = None,
    secret: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    address = settings.PUBLIC_BASE_URL.rstrip("/") + reverse("feedback:hook-inbound", args=[row.code])
    log = RawMessage.objects.filter(source=row.code).select_related("ticket").order_by("-received_at")[:SHOWN]
    context = {"row": row, "form": form or SourceForm(instance=row), "secret": secret, "address": address, "log": log}
    answer = render(request, "feedback/source.html", context | more, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
