"""The page for who lost the tracking code: where to send a one-time code, and the code."""

from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.throttles import limited
from common.answered_first import AnsweredFirst
from feedback import lost_code
from feedback.forms import LineField
from feedback.views import IN_ERROR, READING, private
from tickets import tracking


class AskForm(forms.Form):
    number = LineField(label=gettext_lazy("Number of your case"), max_length=30)
    contact = LineField(
        label=gettext_lazy("Telephone or e-mail address that you left with it"), max_length=254,
        help_text=gettext_lazy("A one-time code is sent there."),
    )  # fmt: skip


class CodeForm(forms.Form):
    sealed = forms.CharField(max_length=4000, widget=forms.HiddenInput)
    code = LineField(
        label=gettext_lazy("One-time code"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


@private
@limited("submit")
@require_http_methods(READING)
def lost(request: HttpRequest) -> HttpResponse:
    """Two steps. The second looks the same whether the first fitted or not."""
    if "sealed" in request.POST:
        return enter(request)
    form = AskForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "feedback/lost.html", {"form": form}, status=IN_ERROR if form.errors else 200)
    asked = form.cleaned_data | {"code": lost_code.new_code()}
    page = {"form": CodeForm(initial={"sealed": lost_code.sealed(**asked)}), "sent": True}
    send = partial(lost_code.send, **asked, at=timezone.now())
    return AnsweredFirst(request, render_to_string("feedback/lost.html", page, request), then=send)


def enter(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    ticket = lost_code.opened(form.cleaned_data["sealed"], form.cleaned_data["code"]) if form.is_valid() else None
    if ticket is not None:
        return redirect("feedback:tracking", code=tracking.signed(ticket.pk, ticket.customer_id))
    if form.is_valid():
        form.add_error("code", _("This code does not fit, was used already, or its time is over."))
    return render(request, "feedback/lost.html", {"form": form, "sent": True}, status=IN_ERROR)
