"""`/healthz`, `/readyz`, `/metrics`: freshness of what must happen, not whether processes exist (operations.md)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import Error
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import proxies
from accounts.models import ApiToken
from accounts.throttles import client_address, is_loopback
from accounts.tokens import TokenAuthentication
from common import health
from feedback.models import Mailbox, RawMessage
from notices.models import Notice
from sla import lag, services_verify
from sla.models import DueItem, Heartbeat
from tickets.models import Ticket

SWEEP = "sweep"
VERIFIED = timedelta(hours=26)
MAIL_RUN = timedelta(minutes=15)
START_UP = timedelta(minutes=2)  # a fresh system without any sweep yet is given this long
_started_at = timezone.now()


@dataclass(frozen=True)
class Check:
    """`value` is seconds; above `limit` it is not well. None: there is nothing to measure.

    `warns`: it is told, but this process can work all the same, so that nobody takes it out of service for it.
    """

    name: str
    value: float | None
    limit: float
    ok: bool
    note: str = ""
    warns: bool = False

    def as_json(self) -> dict[str, object]:
        value = None if self.value is None else round(self.value, 3)
        shown: dict[str, object] = {"ok": self.ok, "seconds": value, "limit": self.limit}
        return shown | ({"note": self.note} if self.note else {}) | ({"warning": True} if self.warns else {})


def _ping(name: str, ping: Callable[[], float]) -> Check:
    try:
        return Check(name, ping(), health.LIMIT, True)
    except OSError:
        return Check(name, None, health.LIMIT, False, "no answer")


def _age(name: str, since: datetime | None, limit: timedelta, at: datetime) -> Check:
    seconds = max((at - since).total_seconds(), 0.0) if since else None
    return Check(name, seconds, limit.total_seconds(), seconds is None or seconds <= limit.total_seconds())


def last_sweep(at: datetime) -> Check:
    """A system whose sweep never ran is well only while it starts."""
    beat = Heartbeat.objects.filter(name=SWEEP).first()
    if beat is None:
        waited = (at - _started_at).total_seconds()
        return Check("last_sweep", None, START_UP.total_seconds(), waited <= START_UP.total_seconds(), "never yet")
    return _age("last_sweep", beat.at, timedelta(seconds=60), at)


def clocks_verified(at: datetime) -> Check:
    """The nightly comparison of clocks with their events; one that differs is for a person, not for a restart."""
    beat = Heartbeat.objects.filter(name=services_verify.HEARTBEAT).first()
    if beat is None:
        return Check("clocks_verified", None, VERIFIED.total_seconds(), True, "never yet")
    check = _age("clocks_verified", beat.at, VERIFIED, at)
    differing = beat.data["differing"]
    return (
        replace(check, ok=True, note=f"{differing} differ from their events") if differing else replace(check, ok=True)
    )


def oldest_unfired_due_item(at: datetime) -> Check:
    oldest = DueItem.objects.filter(fired_at=None, fire_at__lte=at).aggregate(first=Min("fire_at"))["first"]
    return _age("oldest_unfired_due_item", oldest, timedelta(seconds=60), at)


def failing_due_items(at: datetime) -> Check:
    """A warning: what fails is tried again at growing intervals and is not due until then, so its age says nothing of it."""
    failing = DueItem.objects.filter(failures__gt=0, fired_at=None).count()
    note = f"{failing} failed and wait for another try; the log says why" if failing else ""
    return Check("failing_due_items", None, 0, not failing, note, warns=True)


def oldest_waiting_notice(at: datetime) -> Check:
    waiting = Notice.objects.filter(state=Notice.State.WAITING, not_before__lte=at)
    oldest = waiting.exclude(channel=Notice.Channel.IN_APP).aggregate(first=Min("not_before"))["first"]
    return _age("oldest_waiting_notice", oldest, timedelta(minutes=10), at)


def oldest_raw_message(at: datetime) -> Check:
    """What came in and is not yet a ticket; failed ones wait for a person and do not count."""
    waiting = RawMessage.objects.filter(state=RawMessage.State.RECEIVED)
    return _age("oldest_raw_message", waiting.aggregate(first=Min("received_at"))["first"], timedelta(minutes=10), at)


def last_mail_run(at: datetime) -> Check:
    """The mailbox that was not read well for longest; nothing is asked where none is fetched.

    A warning: somebody else's mail server is down, and the forms and pages of ours are not.
    """
    boxes = Mailbox.objects.filter(is_active=True).exclude(host="")
    never = boxes.filter(good_at=None, checked_at__lt=at - MAIL_RUN).exists()
    oldest = boxes.aggregate(first=Min("good_at"))["first"]
    check = replace(_age("last_mail_run", oldest, MAIL_RUN, at), warns=True)
    return replace(check, ok=False, note="never yet") if never else check


def proxy_trusted(at: datetime) -> Check:
    """A warning: whoever set up the proxy has to say so, else all customers share one limit of calls."""
    untold = proxies.is_untrusted_seen()
    note = "calls come through a proxy, but TRUST_PROXY is off" if untold else ""
    return Check("proxy_trusted", None, 0, not untold, note, warns=True)


FRESHNESS = (
    last_sweep,
    oldest_unfired_due_item,
    failing_due_items,
    clocks_verified,
    oldest_waiting_notice,
    oldest_raw_message,
    last_mail_run,
    proxy_trusted,
)


def checks(at: datetime) -> Iterator[Check]:
    """Database and broker first; without a database the rest cannot be known and is not asked."""
    pings = [_ping(name, ping) for name, ping in health.PINGS.items()]
    yield from pings
    if not pings[0].ok:
        return
    for measure in FRESHNESS:
        try:
            yield measure(at)
        except Error:
            yield Check(measure.__name__, None, 0, False, "cannot be read")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything is fresh, else 503 with what is not; `warnings` name what a person should look at.

    Holds no data of tickets or people.
    """
    found = list(checks(timezone.now()))
    ready = all(check.ok or check.warns for check in found)
    body = {
        "status": "ready" if ready else "not ready",
        "warnings": [check.name for check in found if check.warns and not check.ok],
        "checks": {check.name: check.as_json() for check in found},
    }
    return JsonResponse(body, status=200 if ready else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format. For this machine itself, or a token with the scope `reports`; others find nothing."""
    if not may_read_metrics(request):
        raise Http404
    now = timezone.now()
    return HttpResponse("\n".join(_lines(now)) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def may_read_metrics(request: HttpRequest) -> bool:
    if "Authorization" not in request.headers:
        return is_loopback(client_address(request)) and "X-Forwarded-For" not in request.headers
    try:
        found = TokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return False
    return bool(found and ApiToken.Scope.REPORTS in found[1].scopes)


def _lines(at: datetime) -> Iterator[str]:
    for check in checks(at):
        yield f'huisheng_check_ok{{check="{check.name}"}} {int(check.ok)}'
        if check.value is not None:
            yield f'huisheng_check_seconds{{check="{check.name}"}} {check.value:.3f}'
    yield "# TYPE huisheng_sweep_lag_seconds histogram"
    everything = 0
    for bound, everything in lag.histogram():
        yield f'huisheng_sweep_lag_seconds_bucket{{le="{bound}"}} {everything}'
    yield f"huisheng_sweep_lag_seconds_sum {lag.seconds():.3f}"
    yield f"huisheng_sweep_lag_seconds_count {everything}"
    if verified := Heartbeat.objects.filter(name=services_verify.HEARTBEAT).first():
        yield "# TYPE huisheng_clocks_differing gauge"
        yield f"huisheng_clocks_differing {verified.data['differing']}"
    counted = Ticket.objects.open().order_by().values_list("status", "tier").annotate(n=Count("pk"))
    yield "# TYPE huisheng_open_tickets gauge"
    for status, tier, n in counted:
        yield f'huisheng_open_tickets{{status="{status}",tier="{tier}"}} {n}'
    yield "# TYPE huisheng_overdue_tickets gauge"
    yield f"huisheng_overdue_tickets {Ticket.objects.overdue(at).count()}"
    yield "# TYPE huisheng_notices gauge"
    for state, n in Notice.objects.exclude(state="sent").order_by().values_list("state").annotate(n=Count("pk")):
        yield f'huisheng_notices{{state="{state}"}} {n}'
    yield "# TYPE huisheng_raw_messages gauge"
    for state, n in RawMessage.objects.exclude(state="done").order_by().values_list("state").annotate(n=Count("pk")):
        yield f'huisheng_raw_messages{{state="{state}"}} {n}'
