"""A6.1: a customer complains about the handling itself; auditors without a part in it answer, nobody else reads it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from accounts.roles import Role
from feedback import own_data
from feedback.appeals import services as services_appeals
from feedback.models import Appeal, AppealNote
from notices import services as notices
from notices.models import Notice
from tests.feedback.test_receive import receive
from tests.make import NOON
from tests.people import user
from tickets import services as tickets

pytestmark = pytest.mark.django_db
WANG = {"name": "王小明", "phone": "13800001234", "email": "wang@example.com"}
WORDS = "客服两次答应回电都没有回，还说是我自己的问题。"


@pytest.fixture
def receipt(zhou, after_sales, chen):
    receipt = receive(customer=WANG)
    tickets.assign(receipt.ticket, department=after_sales, by=zhou, at=NOON)
    tickets.accept(receipt.ticket, by=chen, at=NOON)
    return receipt


@pytest.fixture
def appeal(receipt, xu):
    return services_appeals.appeal(receipt.ticket, text=WORDS, at=NOON)


def test_it_goes_from_the_tracking_page_to_the_auditors_and_back(client, receipt, xu):
    address = reverse("feedback:tracking", args=[receipt.tracking_code])
    assert reverse("feedback:complain", args=[receipt.tracking_code]) in client.get(address).content.decode()
    sent = client.post(reverse("feedback:complain", args=[receipt.tracking_code]), {"appeal": WORDS}, follow=True)
    assert WORDS in sent.content.decode()
    row = Appeal.objects.get()
    assert [notice.user for notice in Notice.objects.filter(kind="appeal", channel="in_app")] == [xu]
    client.force_login(xu)
    assert WORDS[:20] in client.get(reverse("feedback:appeals")).content.decode()
    page = reverse("feedback:appeal", args=[row.pk])
    client.post(page, {"note": "1", "note-text": "通话录音：确实未回电。"})
    answered = client.post(
        page, {"answer": "1", "answer-outcome": "upheld", "answer-text": "情况属实，已安排专人回电致歉。"}
    )
    assert answered.status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.answered_by) == ("upheld", xu)
    assert AppealNote.objects.get().by == xu
    told = client.get(address).content.decode()
    assert "情况属实" in told and "确实未回电" not in told and xu.name not in told
    notices.deliver_due(row.answered_at)
    assert any("情况属实" in letter.body for letter in mail.outbox if letter.to == [WANG["email"]])


def test_it_goes_by_the_api_and_the_same_words_twice_are_one(client, receipt, xu):
    path = f"/api/v1/feedback/{receipt.tracking_code}/"
    assert client.get(path).json()["can_appeal"]
    for _time in range(2):
        answer = client.post(path + "appeal/", {"text": WORDS}, "application/json")
        assert answer.status_code == 201 and not answer.json()["can_appeal"]
    (told,) = client.get(path).json()["appeals"]
    assert (told["text"], told["open"], told["answer"]) == (WORDS, True, "")
    other = client.post(path + "appeal/", {"text": "另外一件事：工程师迟到。"}, "application/json")
    assert other.status_code == 409 and "正在核查" in other.json()["detail"]
    assert client.post(path + "appeal/", {"text": " "}, "application/json").json()["errors"]["text"]
    assert Appeal.objects.count() == 1


def test_those_who_handle_the_case_read_nothing_of_it(client, appeal, chen, zhou, xu, request):
    for person in (chen, zhou, *(request.getfixturevalue(name) for name in ("gao", "lin", "he", "tang"))):
        client.force_login(person)
        assert client.get(reverse("feedback:appeals")).status_code == 403
        assert client.get(reverse("feedback:appeal", args=[appeal.pk])).status_code == 403
        page = client.get(appeal.ticket.get_absolute_url())
        assert WORDS not in page.content.decode()
    assert {event.kind for event in appeal.ticket.events.all()} == {"register", "assign", "accept"}


def test_an_auditor_with_a_part_in_the_case_neither_sees_nor_answers_it(client, receipt, xu, chen, after_sales):
    mate = user("mate", "同事", [Role.AUDITOR], after_sales)
    chen.roles = [Role.HANDLER, Role.AUDITOR]
    chen.save()
    appeal = services_appeals.appeal(receipt.ticket, text=WORDS, at=NOON)
    assert {notice.user for notice in Notice.objects.filter(kind="appeal")} == {xu}
    for person in (mate, chen):
        client.force_login(person)
        assert WORDS[:20] not in client.get(reverse("feedback:appeals")).content.decode()
        assert client.get(reverse("feedback:appeal", args=[appeal.pk])).status_code == 404
        with pytest.raises(Appeal.DoesNotExist):
            services_appeals.answer(appeal, outcome="unfounded", text="没有问题。", by=person, at=NOON)


def test_without_a_free_auditor_the_administrators_are_told_without_a_word_of_it(receipt):
    boss = user("boss", "管理员", [Role.ADMIN], None)
    services_appeals.appeal(receipt.ticket, text=WORDS, at=NOON)
    notice = Notice.objects.get(kind="appeal_nobody", channel="in_app")
    assert notice.user == boss and WORDS not in str(notice.context)


def test_an_answer_is_given_once_and_then_another_complaint_may_follow(appeal, xu):
    later = NOON + timedelta(hours=1)
    services_appeals.answer(appeal, outcome="partly", text="部分属实。", by=xu, at=later)
    for act in (
        lambda: services_appeals.answer(appeal, outcome="upheld", text="改口。", by=xu, at=later),
        lambda: services_appeals.note(appeal, text="再记一笔。", by=xu, at=later),
    ):
        with pytest.raises(tickets.ActionNotAllowed, match="徐正"):
            act()
    assert services_appeals.appeal(appeal.ticket, text="又没有回电。", at=later).pk != appeal.pk


def test_a_form_that_is_sent_wrong_keeps_its_words_and_says_what_is_missing(client, appeal, receipt, xu):
    client.force_login(xu)
    page = reverse("feedback:appeal", args=[appeal.pk])
    answer = client.post(page, {"answer": "1", "answer-outcome": "", "answer-text": "写了很久的答复"})
    assert answer.status_code == 422 and "写了很久的答复" in answer.content.decode()
    other = client.post(reverse("feedback:complain", args=[receipt.tracking_code]), {"appeal": "另一段话，不能丢"})
    assert other.status_code >= 400 and "另一段话，不能丢" in other.content.decode()


def test_a_void_case_takes_no_complaint_about_its_handling(receipt, zhou):
    tickets.void(receipt.ticket, reason="spam", by=zhou, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        services_appeals.appeal(receipt.ticket, text=WORDS, at=NOON)


def test_the_customer_takes_it_along_with_everything_else(appeal):
    assert own_data.as_json(appeal.ticket, {}, address=False)["complaints_about_the_handling"][0]["text"] == WORDS


def test_what_was_found_out_is_never_changed(appeal, xu):
    services_appeals.note(appeal, text="录音已听。", by=xu, at=NOON)
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE feedback_appealnote SET text = ''")


def test_twenty_and_three_complaints_take_as_many_queries(client, xu, django_assert_max_num_queries):
    client.force_login(xu)
    for _number in range(20):
        services_appeals.appeal(receive(customer=WANG).ticket, text=WORDS, at=NOON)
    with django_assert_max_num_queries(9):
        client.get(reverse("feedback:appeals"))


@pytest.mark.django_db(transaction=True)
def test_two_complaints_at_once_are_one_open_one(receipt, xu):
    start, refused = Barrier(4), []

    def send(number: int) -> None:
        start.wait()
        try:
            services_appeals.appeal(receipt.ticket, text=f"{WORDS}{number}", at=NOON)
        except tickets.ActionNotAllowed as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Appeal.objects.count(), len(refused)) == (1, 3)
