"""Freshness, not process state: what must have happened by now has happened."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts import proxies, services
from common import health as pings
from config import health
from feedback.models import Mailbox
from notices.models import Notice
from sla.models import Clock, DueItem, Heartbeat
from tests.make import a_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def swept():
    """A sweep has just been, and no proxy was seen by an earlier test: the cache outlives them."""
    cache.delete(proxies.KEY)
    Heartbeat.objects.update_or_create(name=health.SWEEP, defaults={"at": timezone.now()})


def readiness(client):
    answer = client.get("/readyz")
    return answer.status_code, answer.json()["checks"]


def test_healthz_answers_whatever_else_is_broken(client):
    assert client.get("/healthz").status_code == 200


def test_a_fresh_system_is_ready(client, swept):
    status, checks = readiness(client)
    assert status == 200
    assert set(checks) >= {"database", "broker", "last_sweep", "oldest_unfired_due_item", "oldest_waiting_notice"}


def test_a_sweep_that_stopped_is_not_ready(client):
    Heartbeat.objects.create(name=health.SWEEP, at=timezone.now() - timedelta(minutes=5))
    status, checks = readiness(client)
    assert status == 503
    assert not checks["last_sweep"]["ok"]


def test_a_sweep_that_never_ran_is_forgiven_only_while_the_system_starts(client, monkeypatch):
    monkeypatch.setattr(health, "_started_at", timezone.now())
    assert readiness(client)[0] == 200
    monkeypatch.setattr(health, "_started_at", timezone.now() - timedelta(hours=1))
    assert readiness(client)[0] == 503


def test_a_due_item_that_nobody_fired_is_not_ready(client, swept):
    now = timezone.now()
    clock = Clock.objects.create(
        ticket=a_ticket(), metric="resolution", round=9, target={}, started_at=now, due_at=now - timedelta(minutes=9)
    )
    DueItem.objects.create(clock=clock, threshold="x", fire_at=now - timedelta(minutes=9), due_version=1)
    status, checks = readiness(client)
    assert status == 503
    assert checks["oldest_unfired_due_item"]["seconds"] >= 540


def test_a_due_item_that_fails_again_and_again_is_a_warning_though_it_was_pushed_on(client, swept):
    now = timezone.now()
    clock = Clock.objects.create(
        ticket=a_ticket(), metric="resolution", round=9, target={}, started_at=now, due_at=now - timedelta(minutes=9)
    )
    item = DueItem.objects.create(
        clock=clock, threshold="due", fire_at=now + timedelta(hours=1), due_version=1, failures=3
    )
    told = client.get("/readyz").json()
    assert (told["status"], told["warnings"]) == ("ready", ["failing_due_items"])
    assert told["checks"]["failing_due_items"]["note"].startswith("1 failed")
    assert 'huisheng_check_ok{check="failing_due_items"} 0' in client.get("/metrics").content.decode()
    DueItem.objects.filter(pk=item.pk).update(fired_at=now)
    assert client.get("/readyz").json()["warnings"] == []


def test_a_notice_that_waits_too_long_is_not_ready_but_one_for_later_is(client, swept):
    now = timezone.now()
    row = {"kind": "x", "channel": "email", "address": "a@example.com", "created_at": now}
    Notice.objects.create(key="later", not_before=now + timedelta(hours=1), **row)
    assert readiness(client)[0] == 200
    Notice.objects.create(key="old", not_before=now - timedelta(hours=1), **row)
    assert readiness(client)[0] == 503


def test_a_mailbox_that_cannot_be_read_is_a_warning_and_takes_nothing_out_of_service(client, swept):
    long_ago = timezone.now() - timedelta(hours=1)
    Mailbox.objects.create(code="a", name="a", address="a@demo.example", host="imap.example", good_at=long_ago)
    answer = client.get("/readyz")
    told = answer.json()
    assert (answer.status_code, told["status"], told["warnings"]) == (200, "ready", ["last_mail_run"])
    assert not told["checks"]["last_mail_run"]["ok"]
    assert 'huisheng_check_ok{check="last_mail_run"} 0' in client.get("/metrics").content.decode()
    Mailbox.objects.update(good_at=timezone.now())
    assert client.get("/readyz").json()["warnings"] == []


def test_a_broker_that_does_not_answer_is_not_ready(client, swept, monkeypatch):
    def dead():
        raise OSError("no answer")

    monkeypatch.setitem(pings.PINGS, "broker", dead)
    status, checks = readiness(client)
    assert (status, checks["broker"]["ok"]) == (503, False)


def test_metrics_are_for_this_machine_or_a_token_with_reports(client, lin):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.5").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    right, _row = services.create_token(name="a", scopes=["reports"], user=lin, at=timezone.now())
    wrong, _row = services.create_token(name="b", scopes=["read"], user=lin, at=timezone.now())
    statuses = [
        client.get("/metrics", REMOTE_ADDR="203.0.113.5", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (right, wrong, "nothing")
    ]
    assert statuses == [200, 404, 404]


def test_metrics_count_open_tickets_and_hold_no_content(client, swept):
    a_ticket()
    text = client.get("/metrics").content.decode()
    assert 'huisheng_open_tickets{status="new",tier="L2"} 1' in text
    assert "漏水" not in text
