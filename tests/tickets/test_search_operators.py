"""`nature:complaint 空调`: conditions typed into the one search box."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from tests.make import NOON, a_ticket
from tickets.filters import TicketFilter
from tickets.models import Ticket
from tickets.search.operators import mended, read


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


@pytest.mark.parametrize(
    ("typed", "text", "phrases", "without"),
    [
        ("空调 -漏水", "空调", (), ("漏水",)),
        ("空调 －安装 -“上门 费”", "空调", (), ("安装", "上门 费")),
        ('"not working" fridge', '"not working" fridge', ("not working",), ()),
        ("KFR-35GW 2026-11-27 - --", "KFR-35GW 2026-11-27 - --", (), ()),
        ("-nature:complaint -x", "", (), ("x",)),
        ('"half open', '"half open', (), ()),
    ],
)
def test_a_minus_leaves_out_and_quotes_hold_words_together(typed, text, phrases, without):
    asked = read(typed)
    assert (asked.text, asked.phrases, asked.without) == (text, phrases, without)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("空调 -漏水", {1}),
        ("-空调", {2}),
        ("空调 -漏", {1}),
        ("-nature:complaint -空调", set()),
        ("-nowhere", {0, 1, 2}),
        ("-空调 -冰箱", set()),
        ("性质:投诉 -漏水", {2}),
    ],
)
def test_a_word_behind_a_minus_must_not_stand_there(three, zhou, typed, expected):
    assert found(zhou, typed) == {three[position] for position in expected}


def test_words_in_quotes_stand_beside_each_other(zhou, db):
    beside, apart = (
        a_ticket(subject="fridge", content="It is NOT working at all."),
        a_ticket(subject="fridge", content="Working, but not cold."),
    )
    assert found(zhou, "not working") == {beside, apart}
    assert found(zhou, '"not working"') == found(zhou, "“not working” fridge") == {beside}
    assert found(zhou, '-"not working" fridge') == {apart}
    assert found(zhou, '"100%_ off"') == set()


def test_what_is_left_out_is_not_told_by_personal_data_that_the_reader_sees_masked(xu, zhou):
    case = a_ticket(content="空调漏水")
    ending = case.customer.phone[-4:]
    assert found(xu, f"空调 -{ending}") == {case}
    assert found(zhou, f"空调 -{ending}") == set()


CHOICES = {"nature": {"投诉": "complaint", "complaint": "complaint", "inquiry": "inquiry"}, "department": {}}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("natrue:complaint 空调", "nature:complaint 空调"),
        ("nature:complant", "nature:complaint"),
        ("-nature:compliant,inquiry x", "-nature:complaint,inquiry x"),
        ("departement:logistics", "department:logistics"),
        ("nature：complaint", "nature：complaint"),
        ("nature:投诉 http://a.example 时间:早上 note:x", "nature:投诉 http://a.example 时间:早上 note:x"),
        ("nature:nonsense", "nature:nonsense"),
        ("", ""),
    ],
)
def test_a_slip_of_the_pen_is_corrected_and_nothing_else(typed, meant):
    assert mended(typed, CHOICES) == meant


def test_the_page_offers_what_was_meant(client, zhou, three):
    client.force_login(zhou)
    page = client.get(reverse("tickets:queue"), {"q": "natrue:complaint 空调"}).content.decode()
    assert 'id="meant"' in page and "nature%3Acomplaint+" in page and "nature:complaint 空调" in page
    assert 'id="meant"' not in client.get(reverse("tickets:queue"), {"q": "nature:complaint 空调"}).content.decode()
