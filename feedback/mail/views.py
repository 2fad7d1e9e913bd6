"""Mails: what waits for a person, and each as it came."""

import re

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import role_required, staff_required
from accounts.models import AccessLog
from accounts.roles import Role
from feedback.mail import access as mail_access
from feedback.mail import raw_bytes
from feedback.mail import services as services_mail
from feedback.mail import wording as mail_words
from feedback.mail.message.reading import read
from feedback.mail.message.shown import safe_page
from feedback.models import RawMessage
from tickets.archive import purpose
from tickets.archive import services as archive

PAGE = 50
FOLDERS = {"failed": ["failed"], "ignored": ["ignored"], "waiting": ["received"], "taken": ["done"]}
_FRAME = "sandbox; default-src 'none'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
_PK = re.compile(r"\d{1,15}")


@require_safe
@role_required(Role.OFFICE, Role.ADMIN)
def mails(request: HttpRequest) -> HttpResponse:
    """One folder, newest first; seek by the row's number. Opens with the first in which something waits."""
    seen = mail_access.visible_to(request.user)
    counts = dict(seen.exclude(state="done").order_by().values_list("state").annotate(n=Count("pk")))
    waits = next((name for name, states in FOLDERS.items() if counts.get(states[0])), "failed")
    folder = request.GET.get("folder", waits)
    folder = folder if folder in FOLDERS else waits
    rows = seen.filter(state__in=FOLDERS[folder]).select_related("ticket").order_by("-pk")
    before = request.GET.get("before", "")
    if _PK.fullmatch(before):
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    context = {
        "folder": folder,
        "folders": [(name, words, counts.get(FOLDERS[name][0], 0)) for name, words in mail_words.folders().items()],
        "rows": [(row, mail_words.reason(row)) for row in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return render(request, "feedback/mails.html", context)


def one_seen(request: HttpRequest, pk: int) -> RawMessage:
    return get_object_or_404(mail_access.visible_to(request.user).select_related("ticket"), pk=pk)


def seen_by(request: HttpRequest, pk: int) -> RawMessage:
    """Raises PermissionDenied where the case is archived and the reader has not said what it is read for."""
    row = one_seen(request, pk)
    archive.refuse_unsaid(request.user, row.ticket, at=timezone.now())
    return row


@require_safe
@staff_required
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    row, at = one_seen(request, pk), timezone.now()
    if row.ticket and (question := purpose.asked_first(request.user, row.ticket, at=at, wanted=request.path)):
        return question
    found = read(raw_bytes.of(row.pk))
    context = {
        "row": row,
        "mail": found,
        "reason": mail_words.reason(row),
        "machine": mail_words.MACHINE.get(found.machine, found.machine),
        "folded": found.reply_text if found.reply_text != found.text else "",
        "may_retry": mail_access.keeps_mail(request.user) and row.state in {"failed", "ignored"},
    }
    return render(request, "feedback/mail.html", context)


@require_safe
@staff_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of a mail, for the frame on its page: no script, no origin, no network."""
    found = read(raw_bytes.of(seen_by(request, pk).pk))
    if not found.html:
        raise Http404
    body, left_out = safe_page(found.html, found.files)
    text = render_to_string("feedback/mail_page.html", {"left_out": left_out, "empty": not body})
    response = HttpResponse(text.replace("<!-- body -->", body))
    response.headers["Content-Security-Policy"] = _FRAME
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@staff_required
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail as it came, as a file; on record, as it holds whatever the sender wrote."""
    row = seen_by(request, pk)
    subject = (row.ticket.number or "") if row.ticket else f"mail {row.pk}"
    AccessLog.objects.create(
        user=request.user,
        action=AccessLog.Action.EXPORT,
        subject=subject,
        at=timezone.now(),
        purpose="raw mail",
        data={"mail": row.pk},
    )
    response = HttpResponse(raw_bytes.of(row.pk), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="mail-{row.pk}.eml"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@role_required(Role.OFFICE, Role.ADMIN)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it once more; or make a case of it, whatever it looks like."""
    row = seen_by(request, pk)
    outcome = services_mail.retry(row, at=timezone.now(), by_hand="case" in request.POST)
    if outcome.kind == "failed":
        messages.error(
            request, _("It failed again: %(reason)s") % {"reason": mail_words.reason(row.__class__.objects.get(pk=pk))}
        )
    elif outcome.kind == "ignored":
        messages.info(request, _("It was read and left alone again."))
    elif outcome.ticket and request.user.is_authenticated:
        messages.success(request, _("It is now part of case %(number)s.") % {"number": outcome.number})
    return redirect("feedback:mails")
