"""What other systems are told of tickets, and how they ask for it (C2.2 DI-8)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import User
from feedback.channels import app
from feedback.serializers import FeedbackSerializer
from notices import services_webhooks as webhooks
from notices.models import Webhook, WebhookDelivery
from sla import services_setup, services_sweep
from tests.make import NOON
from tests.receiver import receiving
from tickets import services as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:8130/hook"


@pytest.fixture(autouse=True)
def _allowed(settings: Any) -> None:
    settings.OUTGOING_ALLOWED = ["127.0.0.1:8130"]


@pytest.fixture
def admin(zhou: User) -> User:
    return User.objects.create(username="admin", name="管理员", roles=["admin"], password="!")


def token(scopes: list[str], user: User | None = None, name: str = "shop app") -> dict[str, str]:
    text, _row = services.create_token(name=name, scopes=scopes, user=user, at=timezone.now())
    return {"Authorization": f"Bearer {text}"}


def call(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return getattr(client, method)(f"/api/v1/webhooks/{path}", body, "application/json", headers=headers)


def make(client: Client, headers: dict[str, str], **fields: Any) -> Any:
    return call(client, "post", "", {"name": "CRM", "url": URL} | fields, **headers)


def told() -> list[dict[str, Any]]:
    return [json.loads(row.body) for row in WebhookDelivery.objects.order_by("pk")]


def hand_in(by: User | None, **fields: Any) -> Ticket:
    body = {"channel": "app", "content": "上周六安装的空调一直滴水，两次上门没有修好。", "nature": "complaint",
            "customer": {"name": "王小明", "phone": "13800001234", "external_id": "u-17"}, "source": {"ref": "A1"}} | fields  # fmt: skip
    form = FeedbackSerializer(data=body)
    form.is_valid(raise_exception=True)
    return app.take(form.validated_data, raw=b"{}", by=by, caller="shop app", language="zh-hans", at=NOON).ticket


def test_every_move_of_a_ticket_is_told_in_order_from_the_first_on(zhou: User, admin: User) -> None:
    webhooks.create(owner=admin, name="CRM", url=URL, at=NOON)
    ticket = hand_in(None)
    ticket = tickets.reply(ticket, text="明天上午上门。", by=zhou, at=NOON + timedelta(hours=1))
    kinds = [one["type"] for one in told()]
    assert kinds[0] == "ticket.register"
    assert kinds[-1] == "ticket.reply"
    assert {one["data"]["number"] for one in told()} == {ticket.number}
    sequences = [one["data"]["sequence"] for one in told()]
    assert sequences == sorted(sequences)
    assert set(WebhookDelivery.objects.values_list("topic", flat=True)) == {ticket.number}


def test_no_words_and_no_person_leave_the_house(zhou: User, admin: User) -> None:
    webhooks.create(owner=admin, name="CRM", url=URL, at=NOON)
    tickets.reply(hand_in(None), text="您的密码是 tiger", by=zhou, at=NOON)
    plain = " ".join(WebhookDelivery.objects.values_list("body", flat=True))
    for private in ("王小明", "13800001234", "滴水", "tiger"):
        assert private not in plain


def test_two_moves_in_one_are_each_told_as_they_left_the_case(
    chen: User, gao: User, after_sales: Any, admin: User
) -> None:
    """A rating that reopens: who was rated and how, then who has it now, a level up."""
    ticket = tickets.assign(hand_in(None, nature="inquiry"), department=after_sales, by=admin, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    webhooks.create(owner=admin, name="CRM", url=URL, at=NOON)
    ticket = tickets.resolve(ticket, text="已修好，感谢您。", by=chen, at=NOON)
    tickets.rate(ticket, rating="dissatisfied", at=NOON + timedelta(hours=1))
    seen = ("kind", "status", "public_status", "round", "level", "owner", "rating")
    assert [tuple(one["data"][name] for name in seen) for one in told()] == [
        ("reply", "in_progress", "in_progress", 1, 0, "chen", ""),
        ("resolve", "resolved", "resolved", 1, 0, "chen", ""),
        ("rate", "resolved", "resolved", 1, 0, "chen", "dissatisfied"),
        ("reopen", "assigned", "received", 2, 1, "gao", ""),
    ]


def test_limits_missed_before_a_case_was_brought_in_are_no_news(admin: User, tmp_path: Any) -> None:
    services_setup.create_defaults()
    webhooks.create(owner=admin, name="CRM", url=URL, at=NOON)
    now = timezone.now()
    line = {"channel": "web", "nature": "complaint", "content": "空调漏水，修了两次。"}
    lines = [
        line | {"external_id": "old", "received_at": (now - timedelta(days=60)).isoformat()},
        line | {"external_id": "new", "received_at": (now - timedelta(minutes=1)).isoformat()},
    ]
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    call_command("import_tickets", str(file), source="old", verbosity=0)
    services_sweep.sweep(timezone.now())
    old, new = (Ticket.objects.get(external_id=one) for one in ("old", "new"))
    assert old.events.filter(kind="breach").exists()
    assert told() == []
    services_sweep.sweep(now + timedelta(days=30))
    assert {one["data"]["number"] for one in told() if one["type"] == "ticket.breach"} == {new.number}


def test_a_missed_limit_is_told_and_still_recorded_once(zhou: User, admin: User, caplog: Any) -> None:
    services_setup.create_defaults()
    webhooks.create(owner=admin, name="CRM", url=URL, at=NOON)
    ticket = hand_in(zhou)
    services_sweep.sweep(NOON + timedelta(days=30))
    breaches = ticket.events.filter(kind="breach").count()
    assert breaches > 0
    assert [one["type"] for one in told()].count("ticket.breach") == breaches
    assert not caplog.records


def test_a_case_that_a_split_opens_is_told_from_its_own_first_event_on(zhou: User, admin: User) -> None:
    webhooks.create(owner=admin, name="CRM", url=URL, at=NOON)
    ticket = hand_in(None)
    tickets.split(ticket, subject="发票", content="发票也没有寄来。", by=zhou, at=NOON + timedelta(hours=1))
    part = Ticket.objects.exclude(pk=ticket.pk).get()
    last = [(one["data"]["number"], one["type"]) for one in told()][-2:]
    assert last == [(ticket.number, "ticket.split"), (part.number, "ticket.register")]


def test_a_webhook_hears_only_what_it_asked_for(zhou: User, admin: User) -> None:
    webhooks.create(owner=admin, name="CRM", url=URL, events=["resolve"], at=NOON)
    tickets.reply(hand_in(None), text="明天上午上门。", by=zhou, at=NOON)
    assert told() == []


def test_an_app_hears_of_its_own_cases_in_the_customers_words(client: Client, zhou: User) -> None:
    headers = token(["submit"])
    shop = User.objects.get(is_app=True)
    assert make(client, headers).json()["own_cases"] is True
    mine, other = hand_in(shop), hand_in(None, source={"ref": "B2"})
    for ticket in (mine, other):
        moved = tickets.reply(ticket, text="明天上午上门。", by=zhou, at=NOON)
        tickets.note(moved, text="内部备注", by=zhou, at=NOON)
    assert {one["data"]["number"] for one in told()} == {mine.number}
    assert [one["data"]["step"]["text"] for one in told()][-1] == "我们答复了您"
    assert "ticket.note" not in {one["type"] for one in told()}
    assert (told()[0]["data"]["customer"], told()[0]["data"]["source"]["ref"]) == ("u-17", "A1")


def test_imported_history_tells_nobody(admin: User) -> None:
    from django.core.management import call_command

    webhooks.create(owner=admin, name="CRM", url=URL, at=NOON)
    line = {"external_id": "1", "channel": "app", "nature": "inquiry", "subject": "旧问题", "content": "很久以前的一个问题",
            "received_at": "2025-01-01T09:00:00+08:00", "closed_at": "2025-01-05T09:00:00+08:00"}  # fmt: skip
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        call_command("import_tickets", file.name, processes=1)
    assert Ticket.objects.count() == 1
    assert told() == []


def test_a_webhook_is_made_read_changed_and_deleted(client: Client, admin: User) -> None:
    headers = token(["manage"], admin)
    made = make(client, headers, events=["reply", "resolve", "reply"])
    assert made.status_code == 201
    row = made.json()
    assert row["secret"].startswith("whsec_")
    assert row["events"] == ["reply", "resolve"]
    path = f"{row['id']}/"
    assert "secret" not in call(client, "get", path, **headers).json()
    assert call(client, "patch", path, {"name": "新名字"}, **headers).json()["name"] == "新名字"
    assert len(call(client, "get", "", **headers).json()["results"]) == 1
    assert call(client, "delete", path, **headers).status_code == 204
    assert call(client, "get", path, **headers).status_code == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"url": "http://169.254.169.254/"}, "url"),
        ({"url": "http://[::1]/"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": 5}, "url"),
        ({"url": ""}, "url"),
        ({"name": ""}, "name"),
        ({"events": ["explode"]}, "events.0"),
        ({"events": "reply"}, "events"),
        ({"own_cases": "perhaps"}, "own_cases"),
    ],
)
def test_a_wrong_field_is_named_also_when_it_is_changed(
    client: Client, admin: User, fields: dict[str, Any], wrong: str
) -> None:
    headers = token(["manage"], admin)
    assert wrong in make(client, headers, **fields).json()["errors"]
    path = f"{make(client, headers).json()['id']}/"
    assert wrong in call(client, "patch", path, fields, **headers).json()["errors"]


def test_a_log_shows_each_try_and_an_event_is_sent_again(client: Client, admin: User, settings: Any) -> None:
    headers = token(["manage"], admin)
    with receiving() as receiver:
        settings.OUTGOING_ALLOWED = [receiver.place]
        path = f"{make(client, headers, url=receiver.url).json()['id']}/"
        assert call(client, "post", path + "ping/", **headers).status_code == 201
        receiver.answers = [500]
        webhooks.deliver_due(timezone.now())
        (row,) = call(client, "get", path + "deliveries/", **headers).json()["results"]
        assert (row["kind"], row["state"], [one["status"] for one in row["tries"]]) == ("ping", "waiting", [500])
        assert call(client, "post", path + f"deliveries/{row['id']}/replay/", **headers).status_code == 200
        webhooks.deliver_due(timezone.now())
        (row,) = call(client, "get", path + "deliveries/", **headers).json()["results"]
        assert (row["state"], [one["status"] for one in row["tries"]]) == ("sent", [500, 200])
    old = Webhook.objects.get().secret
    assert call(client, "post", path + "secret/", **headers).json()["secret"] != old


def test_people_without_the_right_have_no_webhooks(client: Client, lin: User, he: User) -> None:
    for person in (lin, he):
        assert make(client, token(["manage", "submit"], person)).status_code == 403
        client.force_login(person)
        assert call(client, "get", "").status_code == 403
        client.logout()
    assert call(client, "get", "").status_code == 401


def test_the_webhook_of_another_app_does_not_exist(client: Client) -> None:
    path = f"{make(client, token(['submit'])).json()['id']}/"
    row = WebhookDelivery.objects.create(
        webhook=Webhook.objects.get(), kind="ping", body="{}", created_at=NOON, not_before=NOON
    )
    other = token(["submit", "manage"], name="other app")
    for method, address in (
        ("get", path), ("patch", path), ("put", path), ("delete", path), ("get", path + "deliveries/"), ("post", path + "ping/"),
        ("post", path + "secret/"), ("post", path + f"deliveries/{row.key}/replay/"),
    ):  # fmt: skip
        assert call(client, method, address, {}, **other).status_code == 404, (method, address)


def test_a_token_that_only_submits_never_hears_of_everything(client: Client, admin: User) -> None:
    """Not even when it acts as an administrator, and not by a change afterwards."""
    headers = token(["submit"], admin)
    row = make(client, headers, own_cases=False).json()
    assert row["own_cases"] is True
    assert call(client, "patch", f"{row['id']}/", {"own_cases": False}, **headers).json()["own_cases"] is True


def test_reading_alone_opens_no_webhooks(client: Client, admin: User) -> None:
    assert make(client, token(["read", "reports"], admin)).status_code == 403
    assert call(client, "get", "", **token(["read"], admin)).status_code == 403


def test_the_page_makes_a_webhook_and_shows_its_secret_once(client: Client, admin: User) -> None:
    client.force_login(admin)
    page = client.post("/webhooks/new/", {"name": "CRM", "url": URL, "events": ["resolve"], "is_active": "on"})
    row = Webhook.objects.get()
    assert row.secret in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert row.secret not in client.get(f"/webhooks/{row.pk}/").content.decode()
    assert row.events == ["resolve"]


def test_the_page_refuses_an_address_inside_and_keeps_what_was_typed(client: Client, admin: User) -> None:
    client.force_login(admin)
    page = client.post("/webhooks/new/", {"name": "CRM", "url": "http://10.0.0.8/x", "is_active": "on"})
    assert page.status_code == 422
    assert "http://10.0.0.8/x" in page.content.decode()
    assert not Webhook.objects.exists()


def test_the_page_shows_the_log_and_acts(client: Client, admin: User, settings: Any) -> None:
    client.force_login(admin)
    with receiving() as receiver:
        settings.OUTGOING_ALLOWED = [receiver.place]
        row = webhooks.create(owner=admin, name="<b>CRM</b>", url=receiver.url, at=NOON)
        path = f"/webhooks/{row.pk}/"
        assert client.post(path + "act/", {"do": "ping"}).status_code == 302
        receiver.answers = [503]
        webhooks.deliver_due(timezone.now())
        page = client.get(path).content.decode()
        assert "503" in page
        assert "<b>CRM</b>" not in page
        WebhookDelivery.objects.update(state="failed")
        client.post(path + "act/", {"do": "failed"})
        webhooks.deliver_due(timezone.now())
        delivery = WebhookDelivery.objects.get()
        assert delivery.state == "sent"
        client.post(path + "act/", {"do": delivery.key})
        webhooks.deliver_due(timezone.now())
        assert len(receiver.got) == 3
    assert client.post(path + "act/", {"do": "nonsense"}).status_code == 404
    changed = client.post(path, {"name": "CRM 2", "url": receiver.url, "is_active": ""})
    assert changed.status_code in {302, 422}
    secret = row.secret
    client.post(path + "act/", {"do": "secret"})
    assert Webhook.objects.get().secret != secret
    client.post(path + "act/", {"do": "delete"})
    assert not Webhook.objects.exists()


def test_the_pages_are_for_administrators(client: Client, zhou: User, admin: User) -> None:
    row = webhooks.create(owner=admin, name="CRM", url=URL, at=NOON)
    client.force_login(zhou)
    for path in ("/webhooks/", "/webhooks/new/", f"/webhooks/{row.pk}/"):
        assert client.get(path).status_code == 403
    assert client.post(f"/webhooks/{row.pk}/act/", {"do": "delete"}).status_code == 403
    assert Webhook.objects.exists()
