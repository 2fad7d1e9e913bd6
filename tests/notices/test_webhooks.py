"""Webhooks out: signed, tried again, in order, each event under one id."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from accounts import services as accounts
from accounts.models import User
from common import signatures
from notices import outgoing
from notices import services_webhooks as webhooks
from notices.models import Webhook, WebhookDelivery
from tests.make import NOON
from tests.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db
State = WebhookDelivery.State


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving() as running:
        settings.OUTGOING_ALLOWED = [running.place]
        yield running


@pytest.fixture
def hook(receiver: Receiver, zhou: User) -> Webhook:
    return webhooks.create(owner=zhou, name="CRM", url=receiver.url, at=NOON)


def an_event(hook: Webhook, topic: str = "Q1", sequence: int = 1) -> WebhookDelivery:
    row = WebhookDelivery(
        webhook=hook, kind="ticket.reply", topic=topic, sequence=sequence, body=json.dumps({"n": sequence}),
        created_at=NOON, not_before=NOON,
    )  # fmt: skip
    webhooks.add([row])
    return row


def sent(receiver: Receiver) -> list[int]:
    return [json.loads(one.body)["n"] for one in receiver.got]


def test_an_event_arrives_signed(hook: Webhook, receiver: Receiver) -> None:
    row = an_event(hook)
    assert webhooks.deliver_due(NOON) == 1
    (got,) = receiver.got
    assert signatures.check([hook.secret], got.headers, got.body, at=NOON) == row.key
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.tries.get().status) == (State.SENT, NOON, 200)
    assert webhooks.deliver_due(NOON) == 0


def test_an_address_inside_is_refused_when_it_is_made_and_when_it_is_called(
    zhou: User, hook: Webhook, settings: Any
) -> None:
    settings.OUTGOING_ALLOWED = []
    with pytest.raises(outgoing.AddressRefused):
        webhooks.create(owner=zhou, name="x", url="http://169.254.169.254/", at=NOON)
    row = an_event(hook)
    webhooks.deliver_due(NOON)
    row.refresh_from_db()
    assert (row.state, row.tries.get().status) == (State.WAITING, None)
    assert row.tries.get().error


def test_what_fails_is_tried_again_later_and_later_under_the_same_id(hook: Webhook, receiver: Receiver) -> None:
    row = an_event(hook)
    receiver.answers = [500, 302]
    at = NOON
    for delay in webhooks.DELAYS[:2]:
        webhooks.deliver_due(at)
        row.refresh_from_db()
        assert (row.state, row.not_before) == (State.WAITING, at + delay)
        assert webhooks.deliver_due(at + delay - timedelta(seconds=1)) == 0
        at += delay
    assert webhooks.deliver_due(at) == 1
    assert {one.headers["webhook-id"] for one in receiver.got} == {row.key}
    assert [one.status for one in row.tries.all()] == [500, 302, 200]


def test_after_the_last_try_it_has_failed_and_can_be_sent_again(hook: Webhook, receiver: Receiver) -> None:
    row = an_event(hook)
    receiver.answers = [500] * (len(webhooks.DELAYS) + 1)
    at = NOON
    for _ in receiver.answers.copy():
        webhooks.deliver_due(at)
        at += timedelta(days=2)
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert webhooks.deliver_due(at) == 0
    webhooks.replay(row, at=at)
    assert webhooks.deliver_due(at) == 1


def test_of_one_ticket_nothing_goes_before_what_came_first(hook: Webhook, receiver: Receiver) -> None:
    for topic, sequence in (("Q1", 1), ("Q1", 2), ("Q2", 3), ("Q1", 4)):
        an_event(hook, topic, sequence)
    receiver.answers = [500]
    webhooks.deliver_due(NOON)
    at = NOON + timedelta(seconds=2)  # the address has rested, Q1's first event still waits
    webhooks.deliver_due(at)
    assert sent(receiver) == [1, 3]
    webhooks.deliver_due(NOON + timedelta(seconds=6))
    assert sent(receiver) == [1, 3, 1, 2, 4]


def test_an_address_that_fails_rests_and_holds_up_no_other(hook: Webhook, receiver: Receiver, zhou: User) -> None:
    with receiving() as well:
        from django.conf import settings

        settings.OUTGOING_ALLOWED = [receiver.place, well.place]
        other = webhooks.create(owner=zhou, name="B", url=well.url, at=NOON)
        receiver.answers = [500] * 9
        for number in range(3):
            an_event(hook, f"Q{number}", number)
            an_event(other, f"Q{number}", number)
        webhooks.deliver_due(NOON)
        assert (len(receiver.got), len(well.got)) == (1, 3)
    hook.refresh_from_db()
    assert (hook.failures, hook.resting_until) == (1, NOON + timedelta(seconds=1))


def test_an_address_that_says_it_is_gone_is_not_called_again(hook: Webhook, receiver: Receiver) -> None:
    receiver.answers = [410]
    an_event(hook, "Q1", 1)
    an_event(hook, "Q2", 2)
    for hours in range(3):
        webhooks.deliver_due(NOON + timedelta(hours=hours))
    hook.refresh_from_db()
    assert (hook.is_active, len(receiver.got)) == (False, 1)


def test_while_a_secret_is_replaced_both_sign_for_a_day(hook: Webhook, receiver: Receiver) -> None:
    old = hook.secret
    webhooks.renew_secret(hook, at=NOON)
    an_event(hook, "Q1", 1)
    webhooks.deliver_due(NOON)
    for secret in (old, hook.secret):
        assert signatures.check([secret], receiver.got[0].headers, receiver.got[0].body, at=NOON)
    later = NOON + timedelta(days=1)
    an_event(hook, "Q1", 2)
    webhooks.deliver_due(later)
    with pytest.raises(signatures.BadSignature):
        signatures.check([old], receiver.got[1].headers, receiver.got[1].body, at=later)


def test_a_worker_that_dies_between_sending_and_marking_sends_one_copy_more(
    hook: Webhook, receiver: Receiver, monkeypatch: Any
) -> None:
    an_event(hook)

    def dies(*args: Any, **options: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(webhooks, "settle", dies)
        with pytest.raises(SystemExit):
            webhooks.deliver_due(NOON)
    assert webhooks.deliver_due(NOON + timedelta(seconds=59)) == 0
    assert webhooks.deliver_due(NOON + timedelta(seconds=61)) == 1
    assert len({one.headers["webhook-id"] for one in receiver.got}) == 1


def test_what_was_given_up_goes_again_together_and_the_old_log_is_dropped(hook: Webhook, receiver: Receiver) -> None:
    rows = [an_event(hook, f"Q{number}", number) for number in range(3)]
    WebhookDelivery.objects.update(state=State.FAILED)
    assert webhooks.replay_failed(hook, at=NOON) == 3
    assert webhooks.deliver_due(NOON) == 3
    assert webhooks.forget(NOON + timedelta(days=29)) == 0
    assert webhooks.forget(NOON + timedelta(days=31)) == 6  # the rows and their tries
    assert rows


def test_an_app_whose_token_was_revoked_hears_nothing_until_it_has_another(receiver: Receiver) -> None:
    _text, token = accounts.create_token(name="商城", scopes=["manage"], at=NOON)
    an_event(webhooks.create(owner=token.user, name="CRM", url=receiver.url, at=NOON))
    accounts.revoke_token(token, at=NOON)
    assert webhooks.deliver_due(NOON) == 0
    assert sent(receiver) == []
    accounts.create_token(name="商城", scopes=["manage"], at=NOON)
    assert webhooks.deliver_due(NOON) == 1
    assert sent(receiver) == [1]
