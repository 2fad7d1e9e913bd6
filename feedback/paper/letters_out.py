"""A reply by letter as a sheet to print: A4, folded twice, its address in the window of a DL envelope (A5.1)."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import staff_required
from accounts.downloads import pdf_answer
from accounts.roles import SEES_PERSONAL_DATA, any_of
from common import wording
from feedback.paper.models import PaperItem
from tickets import access
from tickets.archive import purpose
from tickets.channels import Channel
from tickets.models import Message, Ticket

LINES = 6  # that the window shows


class AddressForm(forms.Form):
    """The address is printed, not kept: of a letter to us it is known, of others the writer looks it up."""

    address = forms.CharField(
        label=gettext_lazy("Address in the window"), required=False, max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Name, street, place with postal code; six lines at most. It is printed, not stored."),
    )  # fmt: skip


def letter_of(request: HttpRequest, number: str, pk: int) -> tuple[Ticket, Message]:
    """A reply sent by letter on a case that one may see, with its customer's data; else 404."""
    ticket = access.get_ticket(request.user, number)
    message = ticket.messages.filter(pk=pk, via=Channel.LETTER, direction=Message.Direction.OUT).first()
    if message is None or not any_of(request.user.roles, SEES_PERSONAL_DATA):
        raise Http404
    return ticket, message


def asked_first(request: HttpRequest, ticket: Ticket, message: Message) -> HttpResponse | None:
    """Of an archived case the question comes first what it is read for, then the sheet."""
    wanted = reverse("feedback:letter-out", args=[ticket.number, message.pk])
    return purpose.asked_first(request.user, ticket, at=timezone.now(), wanted=wanted)


def sheet(ticket: Ticket, message: Message, address: str) -> dict[str, Any]:
    return {
        "ticket": ticket, "message": message, "lines": [line.strip() for line in address.splitlines()][:LINES],
        "company": wording.company(ticket.language), "language": ticket.language,
    }  # fmt: skip


def address_known(ticket: Ticket) -> str:
    paper = PaperItem.objects.filter(ticket=ticket).first()
    name = ticket.customer.name if ticket.customer else ""
    return "\n".join(part for part in (paper.sender_address if paper else "", name) if part)


def address_given(request: HttpRequest, ticket: Ticket) -> str:
    """Posted, though nothing is changed: an address in a query would lie in logs and histories."""
    return request.POST.get("address", "")[:400] or address_known(ticket)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def letter(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    ticket, message = letter_of(request, number, pk)
    if question := asked_first(request, ticket, message):
        return question
    address = address_given(request, ticket)
    context = sheet(ticket, message, address) | {"form": AddressForm(initial={"address": address})}
    return render(request, "feedback/letter_out.html", context | {"page_language": get_language()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def letter_pdf(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    ticket, message = letter_of(request, number, pk)
    if question := asked_first(request, ticket, message):
        return question
    address = address_given(request, ticket)
    with override(ticket.language):
        html = render_to_string("feedback/letter_out_pdf.html", sheet(ticket, message, address))
    name = f"{ticket.number}-letter-{message.pk}"
    return pdf_answer(request, html, name=name, subject=number, at=timezone.now(), data={"paper": "letter"})
