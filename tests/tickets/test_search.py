"""Search finds what people type: any run of Chinese characters, words by their beginning, numbers by their end."""

import random

import pytest
from django.http import QueryDict

from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.filters import TicketFilter
from tickets.models import Customer, Ticket
from tickets.search import index as search

pytestmark = pytest.mark.django_db
TEXTS = [
    "上周六安装的挂机一直滴水，墙面湿了一片，师傅说是排水管坡度问题。",
    "送货员要求另付楼层费才肯搬上楼，态度很差！订单号CC-2611-0083172。",
    "旧房只有16A插座，能不能装2匹柜机？",
    "希望预约安装能选两小时的时段，谢谢谢谢谢。",
    "空调外机支架松动，催办三次无人上门。The Remote Control is broken.",
    "冰箱冷藏室结冰，冰冰冰，电话１３８００００１２３４（全角）。",
]  # fmt: skip


def found(text: str) -> set[int]:
    return set(search.search(Ticket.objects.all(), text, personal=True).values_list("pk", flat=True))


def test_any_substring_of_chinese_characters_finds_what_like_finds():
    rows = {
        a_ticket(content=text, subject=f"{position}", anonymous=True).pk: text for position, text in enumerate(TEXTS)
    }
    dice = random.Random(7)
    for _try in range(200):
        text = dice.choice(TEXTS)
        runs = [run for run, chinese in search.search_terms.runs(text) if chinese]
        run = dice.choice(runs)
        start = dice.randrange(len(run))
        wanted = run[start : start + dice.randint(1, 6)]
        assert found(wanted) == {pk for pk, text in rows.items() if wanted in text}, wanted


@pytest.mark.parametrize(
    ("text", "position"),
    [("remo", 4), ("REMOTE control", 4), ("0083172", 1), ("83172", 1), ("1234", 5), ("13800001234", 5), ("16a", 2)],
)
def test_words_are_found_by_their_beginning_and_digits_by_their_end(text, position):
    rows = [a_ticket(content=content, customer=None, anonymous=True).pk for content in TEXTS]
    assert found(text) == {rows[position]}


def test_a_ticket_is_found_by_the_beginning_of_its_number():
    first, second = a_ticket(), a_ticket()
    assert found(first.number) == {first.pk}
    assert found("q20261123") == {first.pk, second.pk}


def test_a_ticket_is_found_by_its_customer_and_by_what_was_said_later(chen, after_sales):
    ticket = a_ticket(department=after_sales)
    tickets.note(ticket, text="怀疑是排水泵叶轮", by=chen, at=NOON)
    a_ticket(anonymous=True)
    assert found("王小明") == found("叶轮") == {ticket.pk}


@pytest.mark.parametrize("text", ["'", "\\", "!!!", "a & | ! <->", "%", "(", "：", " ", "'; DROP TABLE x; --", "：*"])
def test_signs_that_mean_something_to_the_database_break_nothing(text):
    a_ticket()
    assert found(text) == set()


@pytest.mark.parametrize("typed", ["13800001234", "0001234", "13800", "wang77@example.com", "wang77", "王小明", "小明"])
@pytest.mark.parametrize("who", ["he", "xu", "tang"])
def test_who_sees_customers_masked_does_not_find_by_what_is_masked(who, typed, request, lin):
    wang = Customer.objects.create(name="王小明", phone="13800001234", email="wang77@example.com", created_at=NOON)
    ticket = a_ticket(customer=wang, tier="L1")

    def seen(user) -> set[int]:
        data = QueryDict(f"q={typed}")
        return set(
            TicketFilter(data, Ticket.objects.visible_to(user), at=NOON, user=user).qs.values_list("pk", flat=True)
        )

    assert seen(request.getfixturevalue(who)) == set()
    assert seen(lin) == {ticket.pk}


def test_a_talk_longer_than_an_index_row_goes_on(chen, after_sales):
    """PostgreSQL refuses more than 1 MB of terms: no flood of them may end a case for everybody."""
    dice = random.Random(3)
    ticket = a_ticket(department=after_sales)
    for _message in range(30):
        text = " ".join(f"{dice.getrandbits(256):064x}" for _word in range(76))
        ticket = tickets.customer_message(ticket, text=text, at=NOON)
    ticket = tickets.note(ticket, text="最后一句", by=chen, at=NOON)
    assert found("漏水") == {ticket.pk}
    flood = " ".join(f"{dice.getrandbits(256):064x}" for _word in range(1500))
    assert a_ticket(content=flood, anonymous=True).number


def test_search_never_finds_what_one_may_not_see(han, after_sales):
    a_ticket(department=after_sales)
    assert not search.search(Ticket.objects.visible_to(han), "漏水").exists()


def test_new_texts_are_taken_into_the_index_before_anybody_waits_for_it():
    search.take_in()
    case = a_ticket(content="阳台漏水", anonymous=True)
    assert search.take_in() > 0
    assert search.take_in() == 0
    assert found("阳台漏水") == {case.pk}
