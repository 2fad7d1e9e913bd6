"""Files of tickets, given out to whoever may see the ticket (S-1, S-2)."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from tickets import files
from tickets.models import Attachment, Ticket


@require_safe
@login_required
def attachment(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    seen = Attachment.objects.filter(ticket__in=Ticket.objects.visible_to(request.user))
    found = get_object_or_404(seen, key=key)
    try:
        return files.respond(found)
    except FileNotFoundError:
        raise Http404 from None
