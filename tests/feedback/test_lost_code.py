"""Who lost the tracking code gets a one-time code to the telephone or address on file; the number alone opens nothing (S-3)."""

import re
import socket
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from feedback import lost_code, views_lost_code
from notices.models import Notice, SmsTemplate
from tests.make import a_ticket
from tickets import tracking
from tickets.models import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def lost(db):
    now = timezone.now()
    wang = Customer.objects.create(name="王小明", phone="13800001234", email="Wang@example.com", created_at=now)
    return a_ticket(now, customer=wang)


def asked(client, number, contact):
    return client.post(reverse("feedback:lost-code"), {"number": number, "contact": contact})


def sealed_in(page) -> str:
    return re.search(r'name="sealed" value="([^"]+)"', page.content.decode()).group(1)


def entered(client, page, code):
    return client.post(reverse("feedback:lost-code"), {"sealed": sealed_in(page), "code": code})


def test_the_code_of_the_mail_opens_the_case_once(client, lost):
    page = asked(client, lost.number.lower(), "wang@EXAMPLE.com")
    (mail,) = Notice.objects.filter(kind="lost_code")
    assert (mail.channel, mail.address) == ("email", "Wang@example.com")
    answer = entered(client, page, mail.context["code"].lower().replace("-", " "))
    assert answer.status_code == 302
    assert lost.subject in client.get(answer.url).content.decode()
    assert tracking.signed_for(answer.url.strip("/").split("/")[-1]) == (lost.pk, lost.customer_id)
    again = entered(client, page, mail.context["code"])
    assert again.status_code == 422, "once"


def test_by_short_message_where_the_operator_approved_its_words(client, lost, settings):
    settings.SMS_TRANSPORT = "recorder"
    asked(client, lost.number, "138 0000 1234")
    assert not Notice.objects.filter(kind="lost_code").exists()
    SmsTemplate.objects.create(kind="lost_code", text="验证码：{text}", approval_number="1")
    page = asked(client, lost.number, "138 0000 1234")
    (sms,) = Notice.objects.filter(kind="lost_code")
    assert (sms.channel, sms.address) == ("sms", "13800001234")
    assert entered(client, page, sms.context["text"]).status_code == 302


def test_a_stranger_learns_nothing_and_sends_nothing(client, lost):
    fits = asked(client, lost.number, "wang@example.com")
    for number, contact in (
        (lost.number, "li@example.com"),
        ("Q20990101-000001", "wang@example.com"),
        (lost.number, "x"),
    ):
        page = asked(client, number, contact)
        assert page.status_code == fits.status_code
        said = [re.sub(r'value="[^"]+"', "", one.content.decode().partition("<main")[2]) for one in (fits, page)]
        assert said[0] == said[1]
        assert entered(client, page, "0000-0000").status_code == 422
    assert Notice.objects.filter(kind="lost_code").count() == 1, "the first alone"
    small = asked(client, lost.number.lower(), "wang@example.com")
    assert signing.loads(sealed_in(small), salt=lost_code.SALT)["number"] == lost.number.lower(), "as it was typed"
    forged = lost_code.sealed(lost.number, "wang@example.com", "AAAAAAAA")
    assert lost_code.opened(forged, "AAAAAAAA") == lost
    assert lost_code.opened(forged[:-1] + "AB"[forged[-1] == "A"], "AAAAAAAA") is None


def test_it_ends_with_its_time_and_with_the_customer(client, lost, monkeypatch):
    page = asked(client, lost.number, "wang@example.com")
    code = Notice.objects.get(kind="lost_code").context["code"]
    with monkeypatch.context() as later:
        later.setattr(lost_code, "MINUTES", -1)
        assert entered(client, page, code).status_code == 422
    lost.customer = Customer.objects.create(name="李", created_at=timezone.now())
    lost.save(update_fields=["customer"])
    assert entered(client, page, code).status_code == 422


def test_one_mailbox_is_not_filled(lost):
    at = timezone.now()
    for second in range(6):
        lost_code.send(lost.number, "wang@example.com", "AAAAAAAA", at=at + timedelta(seconds=second))
    assert Notice.objects.filter(kind="lost_code").count() == lost_code.MOST_AN_HOUR


def test_one_mailbox_is_not_filled_by_case_after_case(lost):
    """Anybody opens cases in somebody's name."""
    at = timezone.now()
    for _case in range(5):
        wang = Customer.objects.create(name="王", email="wang@example.com", created_at=at)
        number = a_ticket(at, customer=wang).number
        for second in range(2):
            lost_code.send(number, "wang@example.com", "AAAAAAAA", at=at + timedelta(seconds=second))
    assert Notice.objects.filter(kind="lost_code").count() == lost_code.MOST_TO_ONE


def test_a_case_of_nobody_known_sends_nothing(db):
    lost_code.send(a_ticket(anonymous=True).number, "", "AAAAAAAA", at=timezone.now())
    assert not Notice.objects.filter(kind="lost_code").exists()


@pytest.mark.parametrize("contact", ["wang@example.com", "li@example.com"])
def test_the_answer_is_made_before_anything_is_looked_up(rf, lost, contact, django_assert_num_queries, monkeypatch):
    """So the clock does not tell whose case a number is, and no thread waits to hide it (S-12)."""
    request = rf.post(reverse("feedback:lost-code"), {"number": lost.number, "contact": contact})
    request.session, request.user = {}, AnonymousUser()
    ours, theirs = socket.socketpair()
    request.META["gunicorn.socket"] = ours
    monkeypatch.setattr(
        lost_code, "send", lambda real=lost_code.send, **asked: (ended.append(theirs.recv(1)), real(**asked))
    )
    ended = []
    monkeypatch.setattr(HttpResponse, "close", lambda page: None)  # it would end the connection of the test
    with django_assert_num_queries(0):
        page = views_lost_code.lost(request)
    assert sealed_in(page)
    page.close()
    page.close()
    assert ended == [b""], "nothing waits on the connection either"
    assert Notice.objects.filter(kind="lost_code").count() == (contact == "wang@example.com")


def test_what_fails_after_the_answer_is_logged(client, lost, monkeypatch, caplog):
    monkeypatch.setattr(lost_code, "numbered", None)
    assert asked(client, lost.number, "wang@example.com").status_code == 200
    assert "after an answer" in caplog.text
