"""The page behind "this was not you?" in the first message to an address that nobody has proved (S-6)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.throttles import limited
from feedback import not_mine
from feedback.views import IN_ERROR, READING, private
from tickets import guard, tracking
from tickets import services as tickets


@private
@limited("submit")
@require_http_methods(READING)
def not_me(request: HttpRequest, code: str) -> HttpResponse:
    """Shows nothing of the case; opening it changes nothing, as mail scanners do. Only a signed link of a message leads
    here: with the code of the receipt one is the sender.
    """
    if tracking.signed_for(code) is None:
        raise Http404
    ticket = guard.ticket_by_code(request, code)
    context, status = {"code": code, "number": ticket.number, "done": False, "error": ""}, 200
    if request.method == "POST":
        try:
            not_mine.not_mine(ticket, at=timezone.now())
        except tickets.ActionNotAllowed as refusal:
            context["error"], status = str(refusal), IN_ERROR
        else:
            context["done"] = True
    return render(request, "feedback/not_me.html", context, status=status)
