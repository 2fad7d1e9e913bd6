"""催办, 升级 and a change of the first contact reach the people whom they are about (A4.2)."""

import pytest
from django.utils import translation

from notices import wording
from notices.models import Notice
from tests.make import NOON, a_ticket
from tickets import services as tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(lin, chen, zhou, after_sales):
    """Lin took the call, Chen works on it."""
    ticket = a_ticket(channel="phone", by=lin, department=after_sales)
    return tickets.accept(ticket, by=chen, at=NOON)


def heard(ticket, what):
    rows = Notice.objects.filter(topic=ticket.number, channel="in_app", context__what=what)
    return sorted(rows.values_list("user__username", flat=True))


def test_a_reminder_reaches_the_owner_and_the_first_contact(followed, zhou):
    tickets.remind(followed, text="用户今天又来电", by=zhou, at=NOON)
    assert heard(followed, "remind") == ["chen", "lin"]
    row = Notice.objects.filter(context__what="remind").first()
    for language, begins in (("zh-hans", "催办："), ("en", "You are pressed for: ")):
        subject, body = wording.words(row, language)
        assert subject.startswith(begins) and "用户今天又来电" in body


def test_who_presses_does_not_press_themselves(followed, lin):
    tickets.remind(followed, by=lin, at=NOON)
    assert heard(followed, "remind") == ["chen"]


def test_without_an_owner_the_head_is_reminded_and_without_a_department_the_office(lin, gao, zhou, after_sales):
    dealt = a_ticket(channel="phone", by=lin, department=after_sales)
    tickets.remind(dealt, by=zhou, at=NOON)
    assert heard(dealt, "remind") == ["gao", "lin"]
    waiting = a_ticket(channel="phone", by=lin)
    tickets.remind(waiting, by=lin, at=NOON)
    assert heard(waiting, "remind") == ["zhou"]


def test_raised_by_a_person_it_reaches_who_answers_there(followed, chen, gao, zhou, tang):
    ticket = tickets.escalate(followed, reason="需协调供应商", by=chen, at=NOON)
    assert heard(ticket, "escalate") == ["gao"]
    ticket = tickets.escalate(ticket, reason="超出部门权限", by=gao, at=NOON)
    assert heard(ticket, "escalate") == ["gao", "zhou"]
    tickets.escalate(ticket, reason="需公司决定", by=zhou, at=NOON)
    assert heard(ticket, "escalate") == ["gao", "tang", "zhou"]
    with translation.override("zh-hans"):
        _subject, body = wording.words(Notice.objects.filter(user=tang, channel="in_app").get(), "zh-hans")
    assert "需公司决定" in body


def test_another_round_goes_to_somebody_else_and_the_first_contact_who_follows_it_is_told(followed, chen, gao, zhou):
    ticket = tickets.resolve(followed, text="已修好，今后试水，谢谢。", by=chen, at=NOON)
    ticket = tickets.rate(ticket, rating="dissatisfied", at=NOON)
    assert (heard(ticket, "reopen"), heard(ticket, "reopen_followed")) == (["gao"], ["lin"])
    row = Notice.objects.get(context__what="reopen_followed")
    assert wording.words(row, "zh-hans")[0].startswith("第 2 轮办理开始，您作为首问继续跟进：")
    assert wording.words(row, "en")[0].startswith("Round 2 begins; you follow it as first contact: ")


def test_a_first_contact_to_whom_the_round_goes_is_told_of_it_as_theirs(gao, chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales, first_contact_id=gao.pk), by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="好了，谢谢。", by=chen, at=NOON)
    ticket = tickets.rate(ticket, rating="dissatisfied", at=NOON)
    assert (ticket.owner, heard(ticket, "reopen"), heard(ticket, "reopen_followed")) == (gao, ["gao"], [])


def test_the_new_first_contact_is_told(followed, gao, zhou):
    ticket = tickets.change_first_contact(followed, person=gao, reason="林知夏调岗", by=zhou, at=NOON)
    assert heard(ticket, "change_first_contact") == ["gao"]
