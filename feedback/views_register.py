"""Colleagues take feedback down, and hand number and code on (A2.1 A4.2)."""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.exceptions import APIException

from accounts.access import role_required
from accounts.roles import Role
from feedback import sent_before
from feedback.channels import desk, web
from feedback.forms_register import RegisterForm
from tickets import access
from tickets.attachments import files
from tickets.channels import Channel

takers = role_required(Role.AGENT, Role.OFFICE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@takers
def register(request: HttpRequest) -> HttpResponse:
    uploads: list[Any] = []
    at = timezone.now()
    channel = request.GET.get("channel", "")
    start = {
        "token": secrets.token_urlsafe(24), "received_at": timezone.localtime(at), "language": "zh-hans",
        "channel": channel if channel in desk.CHANNELS else Channel.PHONE,
    }  # fmt: skip
    form = RegisterForm(initial=start)
    if request.method == "POST":
        form = RegisterForm(request.POST, request.FILES)
        form.is_valid()
        uploads = form.stored(at=at, cut_off=getattr(request, "cut_off_files", []))
        if not form.errors and (answer := registered_now(request, form, uploads, at)):
            return answer
    context = {
        "form": form,
        **form.offered(uploads),
    }
    return render(request, "feedback/register.html", context, status=422 if form.errors else 200)


def registered_now(request: HttpRequest, form: RegisterForm, uploads: list[Any], at: datetime) -> HttpResponse | None:
    fields, user = form.cleaned_data, request.user
    if earlier := sent_again(request, fields, uploads):
        return redirect("feedback:registered", token=earlier)
    key = web.key_of(fields)
    return answered(request, form, key, lambda: desk.take(fields, uploads=uploads, key=key, by=user, at=at))


def sent_again(request: HttpRequest, fields: dict[str, Any], uploads: list[Any]) -> str | None:
    """The key of the receipt when this very form was sent a moment ago and somebody went back; says so (decision 0075)."""
    if uploads:
        return None
    mine = partial(desk.receipt_under, by=request.user)
    key = sent_before.earlier_key(request, fields, receipt=mine)
    if key:
        messages.info(request, _("The same was registered a moment ago: here is its case. Change it there if need be."))
    return key


def answered(request: HttpRequest, form: forms.Form, key: str, take: Callable[[], object]) -> HttpResponse | None:
    """The page with number and code once `take` has registered it; else None, and the form says why not."""
    try:
        take()
    except files.FileRefused as refused:
        form.add_error("uploads", refused)
    except APIException as error:
        form.add_error(None, str(error.detail))
    else:
        return sent_before.remember(redirect("feedback:registered", token=key), key, secure=request.is_secure())
    return None


@never_cache
@require_safe
@takers
def registered(request: HttpRequest, token: str) -> HttpResponse:
    """Number and code for the customer: shown to whoever registered it, for a day."""
    person = request.user
    data = desk.receipt_under(token, by=person) if len(token) <= 200 else None
    if data is None:
        raise Http404
    ticket = access.get_ticket(person, data["number"])
    context = data | {"ticket": ticket, "groups": data["tracking_code"].split("-")}
    return render(request, "feedback/registered.html", context)
