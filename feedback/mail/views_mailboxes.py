"""Settings: the mailboxes, how their reading does, and a test of the connection."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required
from accounts.roles import Role
from feedback.mail import services_fetch
from feedback.mail import wording as mail_words
from feedback.mail.forms import MailboxForm
from feedback.models import Mailbox


@require_safe
@role_required(Role.OFFICE, Role.ADMIN)
def mailboxes(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "feedback/mailboxes.html",
        {
            "boxes": [(box, mail_words.refused(box.error)) for box in Mailbox.objects.all()],
            "may_set": request.user.has_role(Role.ADMIN),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def new(request: HttpRequest) -> HttpResponse:
    return edited(request, Mailbox())


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def mailbox(request: HttpRequest, code: str) -> HttpResponse:
    return edited(request, get_object_or_404(Mailbox, code=code))


def edited(request: HttpRequest, row: Mailbox) -> HttpResponse:
    form = MailboxForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("feedback:mailboxes")
    return render(request, "feedback/mailbox.html", {"form": form, "box": row}, status=422 if form.errors else 200)


@require_POST
@role_required(Role.ADMIN)
def fetch_now(request: HttpRequest, code: str) -> HttpResponse:
    """Read the mailbox at once and say how it went; the workers make cases of what came."""
    row = get_object_or_404(Mailbox.objects.exclude(host=""), code=code)
    new_rows = services_fetch.fetch(row, at=timezone.now())
    row.refresh_from_db()
    if row.error:
        messages.error(
            request,
            _("It did not work: %(error)s") % {"error": " ".join((mail_words.refused(row.error), row.error)).strip()},
        )
    else:
        messages.success(request, _("It works. New mails: %(count)s") % {"count": len(new_rows)})
    return redirect("feedback:mailboxes")
