"""`nature:complaint 空调`: conditions typed into the one search box."""

import pytest
from django.http import QueryDict

from tests.make import NOON, a_ticket
from tickets.filters import TicketFilter
from tickets.models import Ticket
from tickets.search.operators import read


@pytest.mark.parametrize(
    ("typed", "text", "wanted", "unwanted"),
    [
        ("nature:complaint 空调", "空调", {"nature": ["complaint"]}, {}),
        ("空调 性质:投诉 -状态：closed 漏水", "空调 漏水", {"nature": ["complaint"]}, {"status": ["closed"]}),
        ("tier:L1,L2", "", {"tier": ["L1", "L2"]}, {}),
        ('department:"after sales" x', "x", {"department": ["after sales"]}, {}),
        ("http://a.example/b 时间:早上", "http://a.example/b 时间:早上", {}, {}),
        ("nature: 空调", "nature: 空调", {}, {}),
        ("空调nature:complaint", "空调nature:complaint", {}, {}),
        ("", "", {}, {}),
    ],
)
def test_known_names_become_conditions_and_the_rest_stays(typed, text, wanted, unwanted):
    asked = read(typed, {"nature": {"投诉": "complaint"}})
    assert (asked.text, asked.wanted, asked.unwanted) == (text, wanted, unwanted)


def found(user, typed):
    data = QueryDict(mutable=True)
    data["q"] = typed
    filtered = TicketFilter(data, queryset=Ticket.objects.visible_to(user), at=NOON, user=user)
    assert not filtered.errors
    return set(filtered.qs)


@pytest.fixture
def three(db, after_sales, logistics):
    return (
        a_ticket(content="空调漏水", nature="complaint", department=after_sales),
        a_ticket(content="空调怎么选", subject="选购", nature="inquiry", department=logistics),
        a_ticket(content="冰箱不制冷", subject="冰箱", nature="complaint"),
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("nature:complaint 空调", {0}),
        ("性质:投诉", {0, 2}),
        ("NATURE:complaint,inquiry 空调", {0, 1}),
        ("-nature:complaint", {1}),
        ("department:logistics", {1}),
        ("department:none", {2}),
        ("-department:logistics 空调", {0}),
        ("nature:nonsense", set()),
        ("owner:me", set()),
        ("status:open 冰箱", {2}),
    ],
)
def test_conditions_narrow_what_is_found(three, zhou, typed, expected):
    assert found(zhou, typed) == {three[position] for position in expected}


def test_conditions_never_widen_what_a_reader_sees(three, chen):
    assert found(chen, "nature:complaint,inquiry") == {three[0]}
    assert found(chen, "-tier:L1") == {three[0]}
