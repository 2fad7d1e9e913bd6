"""The chat page, which works without a script, and the form to which it hands over (C3.1)."""

import secrets
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from rest_framework.exceptions import APIException

from accounts.throttles import limited
from common.text import whole_number
from feedback import sent_before
from feedback.channels import chat as door
from feedback.channels import web
from feedback.chat import services
from feedback.chat.models import Chat, ChatLine
from feedback.forms import FeedbackForm, ProseField
from feedback.views import IN_ERROR, READING, private
from tickets.attachments import files


class SayForm(forms.Form):
    text = ProseField(
        label=gettext_lazy("Your question"), max_length=services.LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )


class HandOverForm(FeedbackForm):
    """Begun with a question that may be short: the conversation beside it says the rest."""

    shortest = 2

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["content"].help_text = gettext_lazy("Model, time, what you would like us to do.")


def chat_of(token: str) -> Chat:
    row = services.by_token(token) if len(token) <= 100 else None
    if row is None:
        raise Http404
    return row


@private
@require_http_methods(READING)
@limited("chat")
def start(request: HttpRequest) -> HttpResponse:
    """A conversation begins with the first question; opening the page stores nothing."""
    form = SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        row, token = services.begin(language=request.LANGUAGE_CODE, at=at)
        services.say(row, text=form.cleaned_data["text"], at=at)
        return to(token)
    return render(request, "feedback/chat.html", {"form": form}, status=IN_ERROR if form.errors else 200)


@private
@require_http_methods(READING)
@limited("chat")
def conversation(request: HttpRequest, token: str) -> HttpResponse:
    row, form = chat_of(token), SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.say(row, text=form.cleaned_data["text"], at=timezone.now())
        except services.Full as full:
            form.add_error(None, str(full))
        else:
            return to(token)
    lines = row.lines.select_related("article")
    context = {"form": form, "chat": row, "token": token, "lines": lines}
    return render(request, "feedback/chat.html", context, status=IN_ERROR if form.errors else 200)


@private
@require_POST
@limited("chat")
def helped(request: HttpRequest, token: str) -> HttpResponse:
    line, did = whole_number(request.POST.get("line", "")) or 0, request.POST.get("helped") == "yes"
    try:
        services.judge_answer(chat_of(token), line=line, helped=did, at=timezone.now())
    except ChatLine.DoesNotExist:
        raise Http404 from None
    return to(token)


def to(token: str) -> HttpResponse:
    response = redirect("feedback:conversation", token=token)
    response["Location"] += "#end"
    return response


@private
@require_http_methods(READING)
@limited("submit")
def hand_over(request: HttpRequest, token: str) -> HttpResponse:
    """The form, begun with what was said; the conversation goes along."""
    row, uploads = chat_of(token), []
    if request.method != "POST":
        form: FeedbackForm = HandOverForm(initial={"token": secrets.token_urlsafe(24), "content": services.said(row)})
    else:
        form, at = HandOverForm(request.POST, request.FILES), timezone.now()
        form.is_valid()
        uploads = form.stored(at=at, cut_off=getattr(request, "cut_off_files", []))
        earlier = None
        if not (form.errors or uploads):
            earlier = sent_before.earlier_key(request, form.cleaned_data, receipt=partial(web.receipt_under, at=at))
        if not form.errors and (key := earlier or taken(form, row, uploads)):
            response = redirect("feedback:receipt", token=key)
            return sent_before.remember(response, key, secure=request.is_secure())
    context = {
        "form": form, **form.offered(uploads), "chat": row, "lines": row.lines.all(),
        "action": reverse("feedback:hand-over", args=[token]), "draft": "chat",
    }  # fmt: skip
    return render(request, "feedback/chat_form.html", context, status=IN_ERROR if form.errors else 200)


def taken(form: FeedbackForm, row: Chat, uploads: list[Any]) -> str:
    """The key of the receipt; nothing when the form says what is wrong."""
    key = web.key_of(form.cleaned_data)
    try:
        door.take(form.cleaned_data, row, uploads=uploads, key=key, at=timezone.now())
    except files.FileRefused as refused:
        form.add_error("uploads", refused)
    except APIException as error:
        form.add_error(None, str(error.detail))
    else:
        return key
    return ""
