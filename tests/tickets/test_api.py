"""The API of tickets: lists, one ticket, every verb, refusals as problems."""

import inspect
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiToken, Region
from accounts.tokens import digest
from tests.make import NOON, a_ticket
from tickets import contributions, serializers_verbs
from tickets import services as tickets
from tickets.models import Category, Ticket

pytestmark = pytest.mark.django_db


def client_of(user, scopes=("read", "manage")) -> APIClient:
    token = f"hs_{user.username}{'-'.join(scopes)}"
    ApiToken.objects.get_or_create(
        digest=digest(token), defaults={"name": token, "user": user, "scopes": list(scopes), "created_at": NOON}
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def listed(answer) -> set[str]:
    assert answer.status_code == 200, answer.content
    return {row["number"] for row in answer.json()["results"]}


def test_the_list_holds_what_the_caller_may_see(chen, zhou, after_sales, logistics):
    ours, theirs = a_ticket(department=after_sales), a_ticket(department=logistics)
    assert listed(client_of(chen).get("/api/v1/tickets/")) == {ours.number}
    assert listed(client_of(zhou).get("/api/v1/tickets/")) == {ours.number, theirs.number}


def test_without_a_token_or_its_scope_nothing_is_told(chen, after_sales):
    ticket = a_ticket(department=after_sales)
    assert APIClient().get("/api/v1/tickets/").status_code == 401
    reader = client_of(chen, ("read",))
    assert reader.post(f"/api/v1/tickets/{ticket.number}/accept/", {}, format="json").status_code == 403
    assert client_of(chen, ("submit",)).get("/api/v1/tickets/").status_code == 403


@pytest.fixture
def varied(zhou, lin, chen, after_sales, logistics):
    product = Category.objects.create(code="product", name="产品质量")
    Region.objects.create(code="330000", name="浙江", full_name="浙江省", level=1)
    Region.objects.create(code="330106", name="西湖区", full_name="浙江省杭州市西湖区", level=3, parent_id="330000")
    Region.objects.create(code="340000", name="安徽", full_name="安徽省", level=1)
    Region.objects.create(code="340100", name="合肥市", full_name="安徽省合肥市", level=2)
    now = timezone.now()
    rows = {
        "late": a_ticket(department=after_sales, category=product, region_id="330106"),
        "soon": a_ticket(nature="inquiry", channel="phone", by=lin, region_id="330000"),
        "ok": a_ticket(department=logistics, tier="L1", region_id="340100", content="送货员另收楼层费"),
        "hold": a_ticket(nature="suggestion", received_at=NOON - timedelta(days=9), needs_review=True),
        "done": a_ticket(department=after_sales),
    }
    tickets.resolve(tickets.accept(rows["done"], by=chen, at=NOON), text="已修好，今后改进，谢谢", by=chen, at=NOON)
    times = {
        "late": (now - timedelta(hours=1), None),
        "soon": (now + timedelta(hours=1), now),
        "ok": (now + timedelta(days=9), now + timedelta(days=8)),
    }
    for name, (due, soon) in times.items():
        Ticket.objects.filter(pk=rows[name].pk).update(next_due_at=due, soon_at=soon)
    return rows


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status=open", {"late", "soon", "ok", "hold"}),
        ("status=resolved", {"done"}),
        ("status=new&status=resolved", {"soon", "hold", "done"}),
        ("status=new,resolved", {"soon", "hold", "done"}),
        ("nature=inquiry", {"soon"}),
        ("tier=L1", {"ok"}),
        ("category=product", {"late"}),
        ("category=none", {"soon", "ok", "hold", "done"}),
        ("channel=phone", {"soon"}),
        ("department=after_sales", {"late", "done"}),
        ("department=none", {"soon", "hold"}),
        ("owner=chen", {"done"}),
        ("first_contact=lin", {"soon"}),
        ("first_contact=chen", {"done"}),
        ("region=330000", {"late", "soon"}),
        ("region=330106", {"late"}),
        ("region=340000", {"ok"}),
        ("overdue=true", {"late"}),
        ("overdue=false", {"soon", "ok", "hold", "done"}),
        ("time=late", {"late"}),
        ("time=soon", {"soon"}),
        ("time=ok", {"ok"}),
        ("time=hold", {"hold"}),
        ("time=late,soon", {"late", "soon"}),
        ("received_before=2026-11-20T00:00:00%2B08:00", {"hold"}),
        ("received_after=2026-11-20", {"late", "soon", "ok", "done"}),
        ("resolved_after=2026-11-23&resolved_before=2026-11-24", {"done"}),
        ("needs_review=true", {"hold"}),
        ("round=1&rating=none&status=resolved", {"done"}),
        ("round=2", set()),
        ("q=楼层费", {"ok"}),
    ],
)
def test_each_filter_keeps_its_tickets(query, names, varied, zhou):
    found = listed(client_of(zhou).get(f"/api/v1/tickets/?{query}"))
    assert {name for name, ticket in varied.items() if ticket.number in found} == names


@pytest.mark.parametrize("query", ["due_before"])
def test_due_before_keeps_what_is_due_by_then(query, varied, zhou):
    until = (timezone.now() + timedelta(hours=2)).isoformat().replace("+", "%2B")
    assert listed(client_of(zhou).get(f"/api/v1/tickets/?due_before={until}")) == {
        varied["late"].number, varied["soon"].number,
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["ordering=customer__phone", "status=x", "round=x", "received_after=soon", "cursor=x", "cursor=WzAsMSwxXQ",
     "figure=x", "time=never", "department=nix", "category=product,nix", "owner=nobody", "first_contact=nobody", "region=999999",
     "problem=7", "problem=seven"],
)  # fmt: skip
def test_what_a_filter_cannot_read_is_a_problem_that_names_the_field(query, zhou):
    answer = client_of(zhou).get(f"/api/v1/tickets/?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert query.partition("=")[0] in answer.json()["errors"]


def test_a_code_that_is_not_there_is_named_and_those_that_are_there_are_not(varied, zhou):
    answer = client_of(zhou).get("/api/v1/tickets/?department=after_sales,nix,5%25d&owner=me,none,nobody")
    assert answer.json()["errors"] == {"department": ["没有“nix”。", "没有“5%d”。"], "owner": ["没有“nobody”。"]}


def test_unknown_parameters_reach_no_column(zhou):
    ticket = a_ticket()
    assert listed(client_of(zhou).get("/api/v1/tickets/?customer__phone__startswith=999")) == {ticket.number}


def test_pages_follow_each_other_without_a_gap(zhou):
    wanted = [a_ticket().number for _n in range(7)]
    client, address, got = client_of(zhou), "/api/v1/tickets/?ordering=number&page_size=3", []
    while address:
        page = client.get(address).json()
        got += [row["number"] for row in page["results"]]
        address = page["next"]
    assert got == wanted


@pytest.mark.parametrize("ordering", ["", "-received", "due", "-number"])
def test_what_comes_in_meanwhile_moves_no_row_to_another_page(zhou, ordering):
    wanted = {a_ticket().number for _n in range(5)}
    client, got = client_of(zhou), []
    address = f"/api/v1/tickets/?page_size=2&ordering={ordering}"
    while address:
        page = client.get(address).json()
        got += [row["number"] for row in page["results"]]
        address = page["next"]
        if len(got) < 5:
            a_ticket()
    old = [number for number in got if number in wanted]
    assert (sorted(old), len(got)) == (sorted(wanted), len(set(got)))


def test_the_list_costs_the_same_for_3_rows_and_30(zhou, after_sales, django_assert_max_num_queries):
    client, counts = client_of(zhou), set()
    for more in (3, 27):
        for _n in range(more):
            a_ticket(department=after_sales)
        with django_assert_max_num_queries(15) as seen:
            client.get("/api/v1/tickets/")
        counts.add(len(seen))
    assert len(counts) == 1


def test_one_ticket_tells_what_the_caller_can_do(chen, after_sales, monkeypatch):
    monkeypatch.setattr(contributions, "_registered", {})
    contributions.register("clocks", describe=lambda ticket, user: [{"metric": "resolution"}])
    ticket = a_ticket(department=after_sales, claimed_at=NOON)
    told = client_of(chen).get(f"/api/v1/tickets/{ticket.number}/").json()
    assert told["allowed_verbs"] == [
        "accept", "return_to_dispatch", "co_assign", "note", "reply", "request_information",
        "extend", "remind", "link",
    ]  # fmt: skip
    assert told["clocks"] == [{"metric": "resolution"}]
    assert (told["departments"], told["public_status"], told["overdue"]) == (["after_sales"], "received", False)
    assert re.fullmatch(r"2026-11-23T12:00:00\+08:00", told["received_at"])
    assert told["customer"]["phone"] == "13800001234"


def test_an_analyst_gets_masked_customers(he):
    ticket = a_ticket()
    told = client_of(he).get(f"/api/v1/tickets/{ticket.number}/").json()
    assert told["customer"]["masked"] and "13800001234" not in str(told)


def test_a_ticket_of_another_department_is_not_found(han, after_sales):
    ticket = a_ticket(department=after_sales)
    client = client_of(han)
    for part in ("", "events/", "messages/", "attachments/"):
        assert client.get(f"/api/v1/tickets/{ticket.number}/{part}").status_code == 404
    for verb in serializers_verbs.VERBS:
        assert client.post(f"/api/v1/tickets/{ticket.number}/{verb}/", {}, format="json").status_code == 404


def test_a_life_by_api(zhou, lin, chen, gao, after_sales):
    ticket = a_ticket()
    office, handler = client_of(zhou), client_of(chen)
    version = ticket.version

    def move(client, verb, **body):
        nonlocal version
        answer = client.post(f"/api/v1/tickets/{ticket.number}/{verb}/", {"version": version, **body}, format="json")
        assert answer.status_code == 200, answer.content
        assert answer.json()["version"] > version
        version = answer.json()["version"]
        return answer.json()

    assert move(office, "classify", nature="complaint", tier="L2", needs_review=False)["tier"] == "L2"
    assert move(office, "assign", department="after_sales", owner="chen")["owner"] == "chen"
    assert move(handler, "return_to_dispatch", reason="incomplete")["status"] == "new"
    assert move(office, "assign", department="after_sales")["status"] == "assigned"
    assert move(handler, "accept")["status"] == "in_progress"
    move(handler, "note", text="怀疑排水泵")
    assert move(handler, "reply", text="您好，明天上门。", via="phone")["first_response_at"]
    assert move(handler, "request_information", text="请问型号？")["status"] == "waiting"
    assert move(office, "remind", text="请尽快")["status"] == "waiting"
    assert move(office, "escalate", reason="用户着急")["level"] == 1
    assert move(handler, "resolve", text="已更换，今后改进，谢谢")["status"] == "resolved"
    assert move(office, "reopen", reason="又漏水")["round"] == 2
    assert move(office, "void", reason="duplicate")["void_reason"] == "duplicate"
    assert move(office, "restore", reason="不是重复")["status"] == "new"
    events = handler.get(f"/api/v1/tickets/{ticket.number}/events/")
    assert events.status_code == 404  # no longer theirs
    kinds = [row["kind"] for row in office.get(f"/api/v1/tickets/{ticket.number}/events/").json()["results"]]
    assert kinds[0] == "register" and kinds[-1] == "restore"
    said = office.get(f"/api/v1/tickets/{ticket.number}/messages/").json()["results"]
    assert [row["direction"] for row in said] == ["internal", "out", "out", "out"]


def test_a_stale_version_is_409_with_the_newer_entries(chen, gao, after_sales):
    ticket = a_ticket(department=after_sales)
    tickets.note(ticket, text="先写的", by=gao, at=NOON)
    answer = client_of(chen).post(
        f"/api/v1/tickets/{ticket.number}/reply/", {"version": 1, "text": "您好"}, format="json"
    )
    told = answer.json()
    assert (answer.status_code, told["version"], [row["kind"] for row in told["newer"]]) == (409, 2, ["note"])


def test_a_move_out_of_turn_is_409_and_one_beyond_the_role_403(chen, zhou, after_sales):
    ticket = a_ticket(department=after_sales)
    path = f"/api/v1/tickets/{ticket.number}"
    assert client_of(zhou).post(f"{path}/close/", {}, format="json").status_code == 409
    assert client_of(chen).post(f"{path}/void/", {"reason": "spam"}, format="json").status_code == 403
    assert client_of(zhou).post(f"{path}/dance/", {}, format="json").status_code == 404


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("assign", {"department": "nowhere"}, "department"),
        ("assign", {}, "department"),
        ("return_to_dispatch", {"reason": "because"}, "reason"),
        ("reply", {"text": " \u200b "}, "text"),
        ("classify", {"nature": "joke"}, "nature"),
        ("note", {"text": "x", "version": "new"}, "version"),
        ("note", {"text": "x", "attachments": ["0" * 8]}, "attachments"),
    ],
)
def test_a_body_that_cannot_be_read_is_400_and_names_the_field(verb, body, field, zhou, after_sales):
    ticket = a_ticket(department=after_sales)
    answer = client_of(zhou).post(f"/api/v1/tickets/{ticket.number}/{verb}/", body, format="json")
    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["errors"])
    assert ticket.events.count() == 2


def test_the_same_key_makes_the_move_once(chen, after_sales):
    ticket = a_ticket(department=after_sales)
    client = client_of(chen)
    answers = [
        client.post(
            f"/api/v1/tickets/{ticket.number}/note/", {"text": "一次"}, format="json", HTTP_IDEMPOTENCY_KEY="k1"
        )
        for _time in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert ticket.messages.count() == 1


def test_departments_are_listed_by_code(zhou, after_sales):
    told = client_of(zhou).get("/api/v1/departments/").json()
    assert {row["code"] for row in told["results"]} == {"after_sales", "office"}


def test_the_schema_describes_every_verb():
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    for verb in serializers_verbs.VERBS:
        operation = schema["paths"][f"/api/v1/tickets/{{number}}/{verb}/"]["post"]
        assert operation["requestBody"]
    names = {row["name"] for row in schema["paths"]["/api/v1/tickets/"]["get"]["parameters"]}
    assert {"status", "first_contact", "overdue", "q", "ordering", "cursor", "page_size"} <= names


@pytest.mark.parametrize(("word", "status"), [("true", 200), ("0", 200), ("", 200), ("null", 400), ("maybe", 400)])
def test_yes_or_no_is_said_in_words_that_are_known(word, status, zhou):
    client = APIClient()
    client.force_authenticate(zhou)
    assert client.get("/api/v1/tickets/", {"overdue": word}).status_code == status


@pytest.mark.parametrize("verb", sorted(serializers_verbs.VERBS))
def test_what_a_verb_takes_by_the_api_is_what_its_service_takes(verb):
    asked = dict.fromkeys(serializers_verbs.VERBS[verb]().fields)
    assert inspect.signature(getattr(tickets, verb)).bind_partial(None, **asked).arguments


def test_a_question_resolves_nothing_and_may_come_as_a_form(chen, zhou, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    address, caller = f"/api/v1/tickets/{ticket.number}/request_information/", client_of(chen)
    refused = caller.post(address, {"text": "请问型号是什么？", "resolves": True}, format="json")
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"resolves"})
    asked = caller.post(address, {"text": "请问型号是什么？"}, format="multipart")
    assert (asked.status_code, asked.json()["status"]) == (200, "waiting")
