"""Files of tickets, given out to whoever may see the ticket (S-1, S-2)."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from tickets.archive import services as archive
from tickets.attachments import answers as file_answers
from tickets.models import Attachment, Ticket


def seen_by(request: HttpRequest, key: uuid.UUID) -> Attachment:
    seen = Attachment.objects.filter(ticket__in=Ticket.objects.visible_to(request.user))
    row = get_object_or_404(seen.select_related("ticket"), key=key)
    archive.refuse_unsaid(request.user, row.ticket, at=timezone.now())
    return row


@require_safe
@login_required
def attachment(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    try:
        return file_answers.respond(seen_by(request, key), request)
    except FileNotFoundError:
        raise Http404 from None


@require_safe
@login_required
def small(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    try:
        return file_answers.respond_small(seen_by(request, key))
    except FileNotFoundError:
        raise Http404 from None
