"""The customer takes along what we hold (PIPL)."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import services as accounts
from accounts.models import AccessLog
from accounts.throttles import hit, limited, too_many
from feedback import own_data
from feedback.forms import ProofForm
from feedback.views import fresh_message, private, tracking_page
from tickets import guard


@private
@require_POST
@limited("submit")
def export(request: HttpRequest, code: str) -> HttpResponse:
    """A zip of the case. Proofs are counted by case, right ones too: over the limit not even the right one opens, so that
    four digits cannot be tried out.
    """
    ticket, proved = guard.ticket_by_code(request, code), ""
    if own_data.needs_proof(ticket):
        limit, seconds = settings.PROOF_TRIES
        if wait := hit("proof", str(ticket.pk), limit=limit, seconds=seconds):
            return too_many(request, wait)
        form = ProofForm(request.POST)
        if form.is_valid() and not (proved := own_data.proved_by(ticket, form.cleaned_data["proof"])):
            form.add_error("proof", _("That is not what you left with us; nothing was given out."))
        if form.errors:
            return tracking_page(request, code, fresh_message(), proof=form)
    accounts.log_access(
        user=None, action=AccessLog.Action.EXPORT, subject=ticket.number or "", at=timezone.now(), purpose="own data"
    )
    packed, name = own_data.archive(ticket, address=proved == "email"), f"{ticket.number}.zip"
    return FileResponse(packed, as_attachment=True, filename=name, content_type="application/zip")
