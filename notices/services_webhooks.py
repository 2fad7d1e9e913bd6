"""Webhooks out: rows in the transaction of what happened, sent afterwards, in the order of each ticket (DI-8 DI-9).

Delivery is at least once: a row is claimed for a minute, sent outside any transaction, and then marked, so that a
worker killed in between sends one copy more under the same `webhook-id`.
"""

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from common import signatures
from notices import outgoing
from notices.models import Webhook, WebhookAttempt, WebhookDelivery

log = logging.getLogger(__name__)

State = WebhookDelivery.State
CLAIMED = timedelta(minutes=1)
DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))
"""Between one try and the next; after the last one a delivery has failed: three and a half days."""
LONGEST_REST = timedelta(minutes=5)
OLD_SECRET_HOLDS = timedelta(days=1)
KEPT = timedelta(days=30)
GONE = 410
LONGEST_RUN = 20.0  # seconds of one task


def create(
    *, owner: User, name: str, url: str, at: datetime, events: Iterable[str] = (), own_cases: bool = False
) -> Webhook:
    """A webhook with a secret of its own. Raises AddressRefused."""
    outgoing.check(url)
    return Webhook.objects.create(
        owner=owner, name=name, url=url, events=sorted(set(events)), own_cases=own_cases, created_at=at
    )


def renew_secret(webhook: Webhook, *, at: datetime) -> Webhook:
    """A new secret; the old one signs beside it for a day, so that the receiver can change over without a gap."""
    webhook.former_secret, webhook.former_until = webhook.secret, at + OLD_SECRET_HOLDS
    webhook.secret = signatures.new_secret()
    webhook.save(update_fields=["secret", "former_secret", "former_until"])
    return webhook


def add(rows: Iterable[WebhookDelivery]) -> None:
    """Write what is to be sent. One query, none for no rows."""
    rows = list(rows)
    if rows:
        WebhookDelivery.objects.bulk_create(rows)


def ping(webhook: Webhook, *, body: str, at: datetime) -> WebhookDelivery:
    """An event that says nothing, to try the address."""
    return WebhookDelivery.objects.create(webhook=webhook, kind="ping", body=body, created_at=at, not_before=at)


def replay(delivery: WebhookDelivery, *, at: datetime) -> WebhookDelivery:
    """Send it again, with its own id and all tries anew, whatever became of it."""
    delivery.state, delivery.attempts, delivery.not_before = State.WAITING, 0, at
    delivery.save(update_fields=["state", "attempts", "not_before"])
    Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0, resting_until=None)
    return delivery


def replay_failed(webhook: Webhook, *, at: datetime) -> int:
    """Everything that was given up. How many."""
    count = webhook.deliveries.filter(state=State.FAILED).update(state=State.WAITING, attempts=0, not_before=at)
    Webhook.objects.filter(pk=webhook.pk).update(failures=0, resting_until=None)
    return count


def forget(at: datetime) -> int:
    """Drop the log of a month ago. What still waits then is of a webhook that is switched off, or of an app without a token."""
    return WebhookDelivery.objects.filter(created_at__lt=at - KEPT).delete()[0]


def deliver_due(at: datetime, *, limit: int = 1000) -> int:
    """Send what is due, until nothing is or twenty seconds are over. How many arrived."""
    began, arrived = time.monotonic(), 0
    for _ in range(limit):
        state = deliver_next(at)
        if state is None:
            break
        arrived += state == State.SENT
        if time.monotonic() - began > LONGEST_RUN:
            break
    return arrived


def deliver_next(at: datetime) -> str | None:
    """Send one; its state afterwards, None when none is due."""
    with transaction.atomic():
        due = WebhookDelivery.objects.due(at).select_for_update(skip_locked=True, of=("self",))
        delivery = due.select_related("webhook").first()
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.not_before = at + CLAIMED
        delivery.save(update_fields=["attempts", "not_before"])
    began = time.monotonic()
    status, error = None, ""
    try:
        status = outgoing.post(delivery.webhook.url, delivery.body.encode(), headers(delivery, at))
    except (outgoing.AddressRefused, outgoing.NoAnswer) as problem:
        error = str(problem)[:300]
    settle(delivery, status=status, error=error, took=time.monotonic() - began, at=at)
    return delivery.state


def headers(delivery: WebhookDelivery, at: datetime) -> dict[str, str]:
    """While a secret is replaced both sign."""
    webhook, body = delivery.webhook, delivery.body.encode()
    told = signatures.headers_of(webhook.secret, message_id=delivery.key, at=at, body=body)
    if webhook.former_secret and webhook.former_until and at < webhook.former_until:
        told[signatures.SIGNATURE] += " " + signatures.sign(
            webhook.former_secret, message_id=delivery.key, at=at, body=body
        )
    return told | {"content-type": "application/json", "user-agent": "Huisheng-Webhooks/1"}


@transaction.atomic
def settle(delivery: WebhookDelivery, *, status: int | None, error: str, took: float, at: datetime) -> None:
    """Write down a try, and decide what comes next. An address that says it is gone is not called again."""
    WebhookAttempt.objects.create(
        delivery=delivery, at=at, status=status, error=error, milliseconds=min(int(took * 1000), 10**6)
    )
    webhook = Webhook.objects.filter(pk=delivery.webhook_id)
    if status is not None and 200 <= status < 300:
        delivery.state, delivery.sent_at = State.SENT, at
        webhook.filter(failures__gt=0).update(failures=0, resting_until=None)
    else:
        changed: dict[str, Any] = {"failures": F("failures") + 1, "resting_until": at + rest(delivery.webhook.failures)}
        if status == GONE:
            changed["is_active"] = False
        webhook.update(**changed)
        if status == GONE or delivery.attempts > len(DELAYS):
            delivery.state = State.FAILED
            log.warning("webhook %s: delivery %s failed", delivery.webhook_id, delivery.pk)
        else:
            delivery.not_before = at + DELAYS[delivery.attempts - 1]
    delivery.save(update_fields=["state", "sent_at", "not_before"])


def rest(failures: int) -> timedelta:
    """How long an address is left alone after so many failures before this one: 1 s, 2 s, 4 s … five minutes."""
    return min(timedelta(seconds=2 ** min(failures, 10)), LONGEST_REST)
