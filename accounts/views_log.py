"""Who read what, for auditors (D6 B7)."""

import re

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import role_required
from accounts.models import AccessLog
from accounts.roles import Role

SIZE = 50
_PK = re.compile(r"[0-9]{1,15}")
OF_TICKETS = (AccessLog.Action.REVEAL, AccessLog.Action.READ_ARCHIVE)


@require_safe
@role_required(Role.AUDITOR)
def access_log(request: HttpRequest) -> HttpResponse:
    """Newest first, by ticket, person or what was done; seek by the row's number. The log itself can be changed by nobody."""
    wanted, action = request.GET.get("q", "").strip()[:100], request.GET.get("action", "")
    rows, before = AccessLog.objects.select_related("user").order_by("-pk"), request.GET.get("before", "")
    if wanted:
        rows = rows.filter(Q(subject=wanted) | Q(user__username=wanted) | Q(user__name=wanted))
    if action in AccessLog.Action.values:
        rows = rows.filter(action=action)
    if _PK.fullmatch(before):
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: SIZE + 1])
    context = {
        "rows": found[:SIZE],
        "next": found[SIZE - 1].pk if len(found) > SIZE else None,
        "q": wanted,
        "action": action,
        "actions": AccessLog.Action.choices,
        "tickets": OF_TICKETS,
    }
    return render(request, "accounts/access_log.html", context)
