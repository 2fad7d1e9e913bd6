"""The counter: what a customer says on site, in as few fields as it takes; the slip with number and code to hand over."""

import secrets
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import APIException

from common import qr
from feedback import sent_before
from feedback.channels import counter, desk, web
from feedback.forms_register import CounterForm
from feedback.views_register import sent_again, takers
from tickets.attachments import files


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@takers
def at_counter(request: HttpRequest) -> HttpResponse:
    """A fresh form, with the slip of the customer before above it. The place is remembered for the session."""
    at, uploads = timezone.now(), []
    form = CounterForm(initial={"token": secrets.token_urlsafe(24), "place": request.session.get("counter_place", "")})
    if request.method == "POST":
        form = CounterForm(request.POST, request.FILES)
        form.is_valid()
        uploads = form.stored(at=at, cut_off=getattr(request, "cut_off_files", []))
        if not form.errors and (answer := taken(request, form, uploads, at)):
            return answer
    context = {"form": form, "slip": slip_of(request), **form.offered(uploads)}
    return render(request, "feedback/counter.html", context, status=422 if form.errors else 200)


def taken(request: HttpRequest, form: CounterForm, uploads: list[Any], at: datetime) -> HttpResponse | None:
    key = web.key_of(form.cleaned_data)
    request.session["counter_place"] = form.cleaned_data["place"]
    if names_somebody(form.cleaned_data) and (earlier := sent_again(request, form.cleaned_data, uploads)):
        return to_slip(earlier)
    try:
        counter.take(form.cleaned_data, uploads=uploads, key=key, by=request.user, at=at)
    except files.FileRefused as refused:
        form.add_error("uploads", refused)
    except APIException as error:
        form.add_error(None, str(error.detail))
    else:
        return sent_before.remember(to_slip(key), key, secure=request.is_secure())
    return None


def names_somebody(fields: dict[str, Any]) -> bool:
    """Two who leave no contact can say the same few words at one counter within minutes: each is a voice."""
    return any(fields[name] for name in ("name", "phone", "email"))


def to_slip(key: str) -> HttpResponse:
    response = redirect("feedback:counter")
    response["Location"] += f"?done={key}"
    return response


def slip_of(request: HttpRequest) -> dict[str, Any] | None:
    """What the customer takes along; for whoever registered it, for a day."""
    token = request.GET.get("done", "")
    if not token:
        return None
    data = desk.receipt_under(token, by=request.user) if len(token) <= 200 else None
    if data is None:
        raise Http404
    return data | {
        "qr": qr.data_uri(data["tracking_url"]),
        "groups": data["tracking_code"].split("-"),
        "expected_by": datetime.fromisoformat(data["expected_by"]) if data["expected_by"] else None,
    }
