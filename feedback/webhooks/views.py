"""The administrator's pages of webhooks: where we tell other systems, what was sent, and sending it again."""

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import role_required
from accounts.roles import Role
from feedback.webhooks.forms import WebhookForm, kinds
from feedback.webhooks.telling import envelope
from notices import services_webhooks as webhooks
from notices.models import Webhook, WebhookDelivery

setters = role_required(Role.ADMIN)
SHOWN = 50
WAITING, FAILED = Q(deliveries__state="waiting"), Q(deliveries__state="failed")


@require_safe
@setters
def listed(request: HttpRequest) -> HttpResponse:
    """Two queries."""
    rows = Webhook.objects.select_related("owner").annotate(
        waiting=Count("deliveries", filter=WAITING), given_up=Count("deliveries", filter=FAILED),
        last=Max("deliveries__sent_at"),
    )  # fmt: skip
    return render(request, "feedback/webhooks.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def new(request: HttpRequest) -> HttpResponse:
    """The page that answers shows the secret, this once."""
    form = WebhookForm(request.POST or None, initial={"is_active": True})
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        row = webhooks.create(
            owner=request.user, name=fields["name"], url=fields["url"], events=fields["events"], at=timezone.now()
        )
        return shown(request, row, secret=row.secret)
    return render(request, "feedback/webhook_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Webhook, pk=pk)
    form = WebhookForm(request.POST or None, instance=row)
    if request.method == "POST":
        if not form.is_valid():
            row.refresh_from_db()
            return shown(request, row, form=form, status=422)
        form.save()
        Webhook.objects.filter(pk=row.pk).update(failures=0, resting_until=None)
        messages.success(request, _("Saved."))
        return redirect("feedback:webhook", row.pk)
    return shown(request, row, form=form)


@require_POST
@setters
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One of: try the address, a new secret, send what was given up, send one again, delete."""
    row, at, asked = get_object_or_404(Webhook, pk=pk), timezone.now(), request.POST.get("do", "")
    if asked == "secret":
        webhooks.renew_secret(row, at=at)
        return shown(request, row, secret=row.secret)
    if asked == "delete":
        row.delete()
        messages.success(request, _("Deleted."))
        return redirect("feedback:webhooks")
    if asked == "ping":
        webhooks.ping(row, body=envelope("ping", at, {}), at=at)
        messages.success(request, _("On its way; the log below tells what came back."))
    elif asked == "failed":
        count = webhooks.replay_failed(row, at=at)
        messages.success(
            request, ngettext("%(n)s event is sent again.", "%(n)s events are sent again.", count) % {"n": count}
        )
    else:
        webhooks.replay(get_object_or_404(row.deliveries, key=asked), at=at)
        messages.success(request, _("It is sent again."))
    return redirect("feedback:webhook", row.pk)


def shown(
    request: HttpRequest, row: Webhook, *, form: WebhookForm | None = None, secret: str = "", status: int = 200
) -> HttpResponse:
    log = list(row.deliveries.prefetch_related("tries")[:SHOWN])
    names = dict(kinds())
    for delivery in log:
        delivery.label = names.get(delivery.kind.removeprefix("ticket."), _("Trial"))
        delivery.last_try = (list(delivery.tries.all()) or [None])[-1]
    context = {
        "row": row, "form": form or WebhookForm(instance=row), "secret": secret, "log": log,
        "failed": row.deliveries.filter(state=WebhookDelivery.State.FAILED).exists(),
    }  # fmt: skip
    answer = render(request, "feedback/webhook.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
