"""The tracking page renews itself: nothing while nothing is new, the parts that changed when something is (C2.2)."""

import pytest
from django.urls import reverse

from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets import tracking

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(customer_service):
    code = tracking.new_code()
    return a_ticket(department=customer_service, tracking_digest=tracking.digest(code)), code


def ask(client, code, seen):
    return client.get(reverse("feedback:live", args=[code]), {"seen": seen})


def test_the_page_says_what_it_shows_and_asks_for_more(client, case):
    page = client.get(reverse("feedback:tracking", args=[case[1]])).content.decode()
    assert f'hx-get="{reverse("feedback:live", args=[case[1]])}?seen={case[0].version}"' in page
    assert "hx-swap-oob" not in page


def test_nothing_new_is_an_empty_answer_for_few_queries(client, case, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        answer = ask(client, case[1], str(case[0].version))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Cache-Control"] == "no-store"


def test_an_answer_comes_with_the_parts_that_show_it(client, case, lin):
    ticket, code = case
    tickets.reply(ticket, text="师傅明天上午十点到。", by=lin, at=NOON)
    tickets.note(ticket, text="内部备注不外露", by=lin, at=NOON)
    text = ask(client, code, str(ticket.version)).content.decode()
    assert "师傅明天上午十点到。" in text
    assert "内部备注不外露" not in text
    for part in ("now", "thread", "history"):
        assert f'id="{part}" hx-swap-oob="true"' in text
    assert 'id="rate"' not in text, "what is being written there stays"


def test_the_question_whether_it_helped_comes_when_it_is_time(client, case, lin):
    ticket, code = case
    ticket = tickets.accept(ticket, by=lin, at=NOON)
    seen = str(ticket.version)
    ticket = tickets.resolve(ticket, text="已更换排水管。整改：培训。感谢您。", by=lin, at=NOON)
    if ticket.can_rate:
        assert 'id="rate" hx-swap-oob="true"' in ask(client, code, seen).content.decode()
        assert ask(client, code, f"{ticket.version}r").status_code == 204


def test_the_answer_is_read_before_it_is_rated(client, case, lin):
    ticket, code = case
    tickets.reply(ticket, text="整机保修六年。", by=lin, at=NOON, resolves=True)
    page = client.get(reverse("feedback:tracking", args=[code])).content.decode()
    order = [page.index(part) for part in ('href="#rate"', "整机保修六年。", 'name="rating"', 'id="reply"')]
    assert order == sorted(order)


@pytest.mark.parametrize("seen", ["", "x", "9" * 500, "-1"])
def test_whatever_is_seen_it_is_answered(client, case, seen):
    assert ask(client, case[1], seen).status_code == 200


def test_a_wrong_code_gets_what_every_wrong_code_gets(client):
    assert ask(client, tracking.new_code(), "1").status_code == 404
