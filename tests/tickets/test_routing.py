"""Dispatch by rules: the first that fits, the person by its strategy, and what happens when nobody is free."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.urls import reverse

from accounts.models import Region, Shift
from accounts.roles import Role
from feedback import services as feedback
from feedback.content import Content
from notices.models import Notice
from tests.make import NOON, a_ticket
from tests.people import user
from tickets import defaults
from tickets import services as tickets
from tickets.dispatch import pool, routing, services_routing
from tickets.dispatch import wording as dispatch_wording
from tickets.models import RoutingRule, Ticket, Undealt
from tickets.wording import Names

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def categories(customer_service, after_sales, logistics, office):
    defaults.create_defaults()


@pytest.fixture
def sun(after_sales):
    return user("sun", "孙宁", [Role.HANDLER], after_sales)


def a_rule(department, strategy="department", position=10, code="leaks", **match):
    return RoutingRule.objects.create(
        code=code,
        name="漏水",
        name_en="Leaks",
        position=position,
        match=match,
        department=department,
        strategy=strategy,
    )


def arrives(text="空调安装后一直漏水，两次上门没有修好，要求解决。", at=NOON, customer=None, **content):
    receipt = feedback.receive(
        channel="web", raw=text.encode(), claimed_at=None, received_at=at, customer=customer,
        content=Content(text=text, **content), at=at,
    )  # fmt: skip
    return receipt.ticket


def assigned(ticket):
    return ticket.events.filter(kind="assign").order_by("pk").last()


# --- which rule ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("match", "fitted"),
    [
        ({}, {}),
        ({"nature": ["inquiry", "complaint"]}, {"nature": "complaint"}),
        ({"nature": ["inquiry"]}, None),
        ({"region": ["440300"]}, {"region": "440300"}),
        ({"region": ["440000"]}, {"region": "440000"}),
        ({"region": ["450000"]}, None),
        ({"customer_class": ["VIP"]}, {"customer_class": "VIP"}),
        ({"keyword": ["火灾", "漏水"]}, {"keyword": "漏水"}),
        ({"keyword": ["LEAK"], "channel": ["web"]}, {"channel": "web", "keyword": "LEAK"}),
        ({"keyword": ["漏水"], "channel": ["phone"]}, None),
        ({"category": ["product"]}, None),
    ],
)
def test_every_condition_must_fit_and_of_its_values_one(match, fitted):
    case = routing.Case("complaint", "web", "after_sales", "440305", "vip", "空调漏水 a leak")
    assert routing.fits(match, case) == fitted


def test_a_case_without_region_lies_in_no_region():
    assert routing.fits({"region": ["440000"]}, routing.Case()) is None


def test_the_first_rule_by_position_decides_and_the_event_says_why(categories, logistics, after_sales):
    a_rule(after_sales, position=20, code="later", nature=["complaint"])
    a_rule(logistics, position=10, keyword=["漏水"], nature=["complaint"])
    ticket = arrives(nature="complaint")
    assert (ticket.department, ticket.owner, ticket.status) == (logistics, None, "assigned")
    assert assigned(ticket).data["because"] == {
        "rule": "leaks", "matched": {"nature": "complaint", "keyword": "漏水"}, "strategy": "department",
    }  # fmt: skip


def test_without_a_rule_the_category_decides_and_an_inactive_rule_is_none(categories, logistics, after_sales):
    rule = a_rule(logistics, keyword=["漏水"])
    RoutingRule.objects.filter(pk=rule.pk).update(is_active=False)
    ticket = arrives(category="after_sales")
    assert (ticket.department, assigned(ticket).data["because"]) == (after_sales, {"category": "after_sales"})


# --- which person ----------------------------------------------------------------------------------
def test_least_loaded_gives_the_case_to_who_has_the_fewest_and_makes_them_first_contact(
    categories, chen, sun, after_sales
):
    tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    a_rule(after_sales, "least_loaded", keyword=["漏水"])
    ticket = arrives()
    assert (ticket.owner, ticket.first_contact, ticket.status) == (sun, sun, "assigned")
    because = assigned(ticket).data["because"]
    assert (because["by"], because["people"]) == ("least_loaded", [["chen", 1, None], ["sun", 0, None]])


def test_of_more_cases_than_are_counted_nobody_has_the_fewest_and_the_moment_draws(
    client, zhou, categories, chen, sun, after_sales, monkeypatch
):
    monkeypatch.setattr(pool, "COUNTED_TO", 1)
    for owner in (chen, chen, chen, sun):
        tickets.accept(a_ticket(department=after_sales), by=owner, at=NOON)
    a_rule(after_sales, "least_loaded", keyword=["漏水"])
    drawn = [arrives(at=NOON + timedelta(microseconds=number)) for number in range(2)]
    assert {ticket.owner for ticket in drawn} == {chen, sun}
    because = assigned(drawn[0]).data["because"]
    assert (because["by"], because["people"]) == ("drawn", [["chen", 1, None], ["sun", 1, None]])
    client.force_login(zhou)
    page = client.get(reverse("tickets:routing"), {"nature": "complaint", "text": "漏水"})
    assert [count for _name, count, _most in page.context["tried"]["people"]] == ["1+", "1+"]
    assert "人人在办件都已很多、由系统抽到的人" in page.context["tried"]["why"]


def test_a_limit_beyond_what_is_counted_is_kept(categories, chen, after_sales, monkeypatch):
    monkeypatch.setattr(pool, "COUNTED_TO", 1)
    chen.capacity = 3
    chen.save()
    a_rule(after_sales, "least_loaded", keyword=["漏水"])
    assert [arrives(at=NOON + n * HOUR).owner for n in range(4)] == [chen, chen, chen, None]


def test_in_turn_gives_by_shares(categories, chen, sun, after_sales):
    chen.share = 2
    chen.save()
    a_rule(after_sales, "round_robin", keyword=["漏水"])
    owners = [arrives(at=NOON + n * HOUR / 60).owner.username for n in range(6)]
    assert (owners.count("chen"), owners.count("sun")) == (4, 2)
    assert "chen chen chen" not in " ".join(owners)


def test_a_share_of_nothing_gets_nothing(categories, chen, sun, after_sales):
    sun.share = 0
    sun.save()
    a_rule(after_sales, "round_robin", keyword=["漏水"])
    assert {arrives(at=NOON + n * HOUR).owner.username for n in range(3)} == {"chen"}


def test_the_same_customer_comes_to_the_same_person(categories, chen, sun, after_sales):
    a_rule(after_sales, "same_owner", keyword=["漏水"])
    wang = {"name": "王小明", "phone": "13800001234"}
    first = arrives(customer=wang)
    busy = first.owner
    for _n in range(2):
        tickets.accept(a_ticket(department=after_sales), by=busy, at=NOON)
    assert arrives(customer=wang, at=NOON + HOUR).owner == busy
    assert arrives(at=NOON + HOUR).owner != busy


def test_only_who_is_on_duty_gets_cases_where_the_rule_insists(categories, chen, sun, after_sales):
    a_rule(after_sales, "on_duty", keyword=["漏水"])
    Shift.objects.create(person=sun, starts_at=NOON - HOUR, ends_at=NOON + HOUR)
    assert arrives().owner == sun
    late = arrives(at=NOON + 2 * HOUR)
    assert (late.owner, assigned(late).data["because"]["nobody"]) == (None, "off_duty")


def test_nobody_absent_and_nobody_of_another_department_is_dealt_a_case(categories, chen, sun, han, gao, after_sales):
    chen.is_absent = True
    chen.save()
    a_rule(after_sales, "least_loaded", keyword=["漏水"])
    assert arrives().owner == sun


# --- nobody is free --------------------------------------------------------------------------------
def test_with_nobody_free_the_case_waits_and_those_who_can_help_hear_of_it(categories, chen, gao, zhou, after_sales):
    chen.capacity = 0
    chen.save()
    a_rule(after_sales, "least_loaded", keyword=["漏水"])
    ticket = arrives()
    assert (ticket.owner, ticket.department, ticket.status) == (None, after_sales, "assigned")
    assert Undealt.objects.get().ticket == ticket
    told = Notice.objects.filter(kind="nobody_free", channel="in_app")
    assert set(told.values_list("user__username", flat=True)) == {"gao", "zhou"}


def test_when_capacity_returns_the_oldest_is_dealt_first(categories, chen, after_sales):
    chen.capacity = 1
    chen.save()
    a_rule(after_sales, "least_loaded", keyword=["漏水"])
    first, second, third = (arrives(at=NOON + n * HOUR) for n in range(3))
    assert (first.owner, second.owner, third.owner) == (chen, None, None)
    assert tickets.deal_waiting(NOON + 4 * HOUR) == 0
    tickets.void(first, reason="withdrawn", by=None, at=NOON + 4 * HOUR)
    assert tickets.deal_waiting(NOON + 4 * HOUR) == 1
    second.refresh_from_db(), third.refresh_from_db()
    assert (second.owner, third.owner) == (chen, None)
    assert assigned(second).data["because"]["waited"] is True
    assert list(Undealt.objects.values_list("ticket", flat=True)) == [third.pk]


def test_a_case_that_somebody_took_meanwhile_waits_no_more(categories, chen, gao, after_sales):
    chen.capacity = 0
    chen.save()
    a_rule(after_sales, "least_loaded", keyword=["漏水"])
    ticket = tickets.accept(arrives(), by=gao, at=NOON)
    chen.capacity = None
    chen.save()
    assert tickets.deal_waiting(NOON + HOUR) == 0
    ticket.refresh_from_db()
    assert (ticket.owner, Undealt.objects.count()) == (gao, 0)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_get_more_than_fits(categories, chen, sun, after_sales):
    for person in (chen, sun):
        person.capacity = 2
        person.save()
    a_rule(after_sales, "least_loaded", keyword=["漏水"])
    start = Barrier(6)

    def one(n):
        start.wait(timeout=20)
        try:
            return arrives(text=f"空调漏水第{n}次，没有修好，要求处理。").owner_id
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        owners = list(threads.map(one, range(6)))
    assert sorted(map(str, owners)) == sorted(map(str, [chen.pk, chen.pk, sun.pk, sun.pk, None, None]))
    assert Undealt.objects.count() == 2


# --- the page --------------------------------------------------------------------------------------
def test_the_page_says_where_a_case_would_go_and_why(client, zhou, categories, chen, after_sales):
    a_rule(after_sales, "least_loaded", keyword=["漏水"])
    client.force_login(zhou)
    answer = client.get(reverse("tickets:routing"), {"text": "厨房漏水", "nature": "complaint", "channel": "web"})
    page = answer.content.decode()
    assert "这张工单会转给售后服务部" in page
    assert "按规则“漏水”" in page
    assert Ticket.objects.count() == Undealt.objects.count() == 0


def test_words_alone_are_judged_as_they_would_be_when_they_come_in(client, zhou, categories, chen, after_sales):
    words = "客服态度很差，推来推去，我要投诉。"
    came = arrives(words)
    client.force_login(zhou)
    assert (
        'method="post"' in client.get(reverse("tickets:routing")).content.decode()
    )  # no customer's words in an address
    answer = client.post(reverse("tickets:routing"), {"number": "", "text": words})
    tried = answer.context["tried"]
    assert tried["route"].department == came.department is not None
    page = answer.content.decode()
    assert f"按内容判断： 性质 投诉，类别 {came.category}" in page
    stated = {"number": "", "text": words, "nature": "inquiry", "category": "delivery"}
    answer = client.get(reverse("tickets:routing"), stated)
    assert "按内容判断：" not in answer.content.decode(), "what is stated wins"


def test_a_place_is_tried_out_by_its_name(client, zhou, logistics):
    Region.objects.create(code="440300", level=Region.Level.CITY, name="深圳市", full_name="广东省深圳市")
    a_rule(logistics, match={"region": ["440000"]})
    client.force_login(zhou)
    answer = client.post(reverse("tickets:routing"), {"number": "", "text": "送货迟了", "region": "深圳市"})
    assert answer.context["tried"]["route"].department == logistics
    assert client.post(reverse("tickets:routing"), {"number": "", "text": "迟了", "region": "火星"}).status_code == 422


def test_the_effect_on_the_last_tickets_is_shown_before_saving(client, zhou, categories, chen, after_sales, logistics):
    arrives(category="after_sales"), arrives(text="师傅态度很差，要投诉他。", category="service")
    client.force_login(zhou)
    form = {
        "name": "漏水", "code": "leaks", "position": 10, "department": logistics.pk, "strategy": "department",
        "is_active": "on", "keyword": "漏水，渗水",
    }  # fmt: skip
    answer = client.post(reverse("tickets:routing-new"), form | {"preview": "1"})
    assert (answer.context["effect"]["taken"], answer.context["effect"]["moves"]) == (1, 1)
    assert RoutingRule.objects.count() == 0
    assert client.post(reverse("tickets:routing-new"), form).status_code == 302
    assert RoutingRule.objects.get().match == {"keyword": ["漏水", "渗水"]}


def test_rules_change_places(client, zhou, after_sales):
    for code in ("one", "two", "three"):
        a_rule(after_sales, code=code)
    client.force_login(zhou)
    client.post(reverse("tickets:routing-move", args=["two"]), {"to": "up"})
    order = list(RoutingRule.objects.order_by("position").values_list("code", flat=True))
    assert order == ["one", "two", "three"]
    client.post(reverse("tickets:routing-move", args=["one"]), {"to": "up"})
    assert list(RoutingRule.objects.order_by("position").values_list("code", flat=True)) == order


@pytest.mark.parametrize("who", ["lin", "gao", "xu", "nobody"])
def test_only_the_office_and_administrators_set_rules(client, request, who, zhou):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("tickets:routing")).status_code == 403
    assert client.post(reverse("tickets:routing-new"), {}).status_code == 403


def test_an_administrator_learns_nothing_of_tickets_by_trying_their_numbers(client, after_sales, db):
    admin = user("root", "管理员", [Role.ADMIN], None)
    ticket = a_ticket(department=after_sales)
    client.force_login(admin)
    answer = client.get(reverse("tickets:routing"), {"number": ticket.number, "text": ""})
    assert answer.status_code == 422
    assert answer.context["tried"] is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("strategy", ["least_loaded", "round_robin"])
def test_cases_of_one_moment_go_to_different_people_and_nobody_waits(strategy, categories, chen, sun, after_sales):
    rule = a_rule(after_sales, strategy)

    def elsewhere():
        try:
            with transaction.atomic():
                return services_routing.choose(rule, None, NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as another, transaction.atomic():
        first, told, _keys = services_routing.choose(rule, None, NOON)
        second, told_second, _keys = another.submit(elsewhere).result(timeout=20)
        assert {first, second} == {chen, sun}
        assert "besides" not in told
        assert told_second["besides"] == first.username
    with transaction.atomic():
        assert services_routing.choose(rule, None, NOON).owner == first, "the mark ended with its transaction"


@pytest.mark.django_db(transaction=True)
def test_a_burst_spreads_over_everybody_though_nobody_has_a_limit(categories, chen, sun, after_sales):
    a_rule(after_sales, "least_loaded")
    start = Barrier(6)

    def hand_in(number):
        start.wait(timeout=20)
        try:
            return arrives(at=NOON + timedelta(microseconds=number)).owner
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        owners = list(threads.map(hand_in, range(6)))
    assert set(owners) == {chen, sun}


def test_who_was_passed_over_is_told_with_the_reason(chen, sun, after_sales):
    because = {"rule": "leaks", "strategy": "least_loaded", "by": "least_loaded", "besides": "chen"}
    said = dispatch_wording.why(because, Names(people={"chen": "陈思源"}))
    assert "陈思源同一时刻另接一件，派给其后在办件最少的人" in said
