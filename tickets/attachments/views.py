"""Files of tickets, given out to whoever may see the ticket (S-1, S-2)."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from tickets.archive import purpose
from tickets.archive import services as archive
from tickets.attachments import answers as file_answers
from tickets.models import Attachment, Ticket


def seen_by(request: HttpRequest, key: uuid.UUID) -> Attachment:
    seen = Attachment.objects.filter(ticket__in=Ticket.objects.visible_to(request.user))
    return get_object_or_404(seen.select_related("ticket"), key=key)


@require_safe
@login_required
def attachment(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """Of an archived case only after it was said what for; the question leads on to the file."""
    row, at = seen_by(request, key), timezone.now()
    if row.ticket and (question := purpose.asked_first(request.user, row.ticket, at=at, wanted=request.path)):
        return question
    try:
        return file_answers.respond(row, request)
    except FileNotFoundError:
        raise Http404 from None


@require_safe
@login_required
def small(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    row = seen_by(request, key)
    archive.refuse_unsaid(request.user, row.ticket, at=timezone.now())
    try:
        return file_answers.respond_small(row, request)
    except FileNotFoundError:
        raise Http404 from None
