"""Nobody floods a stranger's mailbox through our form (S-6)."""

import pytest
from django.core import mail
from django.core.cache import cache

from accounts.models import User
from notices import services as notices
from notices.models import Notice
from tests.make import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()
    yield
    cache.clear()


def put(kind: str, number: int, address: str = "victim@example.com") -> None:
    context = {"url": "http://x/", "subject": "x", "text": "x"}
    notices.add(notices.to_address(address, kind, key=f"{kind}{number}", at=NOON, topic="Q1", context=context))


def test_an_address_gets_ten_acknowledgements_an_hour_and_every_answer():
    for number in range(14):
        put("received", number)
        put("replied", number)
    put("received", 99, "another@example.com")
    notices.deliver_due(NOON)
    assert Notice.objects.filter(kind="received", address="victim@example.com", state="sent").count() == 10
    assert Notice.objects.filter(kind="received", state="cancelled").count() == 4
    assert Notice.objects.filter(kind="replied", state="sent").count() == 14
    assert len(mail.outbox) == 25


def test_the_cap_lets_mail_through_while_valkey_is_out_of_reach(settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    for number in range(12):
        put("received", number)
    notices.deliver_due(NOON)
    assert len(mail.outbox) == 12


def test_who_has_left_meanwhile_gets_no_mail(zhou, lin):
    for person in (zhou, lin):
        context = {"subject": "漏电", "alerts": [], "channel": "web"}
        notices.add(
            notices.to_user(person, "major", key="k", at=NOON, topic="Q1", context=context, urgent=True, by_mail=True)
        )
    User.objects.filter(pk=zhou.pk).update(is_active=False)
    assert notices.deliver_due(NOON) == 1
    assert [sent.to for sent in mail.outbox] == [[lin.email]]
    assert zhou.notices.get(channel="email").state == "cancelled"
