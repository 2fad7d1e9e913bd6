"""The customer's part of the API, as `intake.md` promises it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import ApiToken, User
from accounts.tokens import digest, new_token
from feedback.models import RawMessage
from tests.make import NOON
from tickets import services as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
BODY = {"channel": "app", "content": "请问这款空调保修几年，怎样预约上门安装？", "anonymous": False,
        "customer": {"name": "李", "phone": "139 0000 1111"}}  # fmt: skip


def post(client: Client, body: Any = None, path: str = "feedback/", **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", BODY if body is None else body, "application/json", headers=headers)


def test_a_voice_gets_a_number_a_code_and_an_address(client: Client) -> None:
    answer = post(client)
    assert answer.status_code == 201
    data = answer.json()
    assert set(data) == {"number", "tracking_code", "tracking_url", "status", "received_at", "expected_by"}
    assert data["tracking_code"] in data["tracking_url"]
    assert Ticket.objects.get(number=data["number"]).customer.phone == "13900001111"
    assert bytes(RawMessage.objects.get().raw).startswith(b"{")


def test_a_code_shows_the_case_and_takes_messages(client: Client, zhou: Any) -> None:
    data = post(client).json()
    tickets.reply(Ticket.objects.get(), text="保修六年。", by=zhou, at=NOON)
    path = f"/api/v1/feedback/{data['tracking_code']}/"
    case = client.get(path).json()
    wanted = {"number", "status", "public_status", "received_at", "expected_by", "timeline", "messages", "can_reply",
              "can_rate", "can_appeal"}  # fmt: skip
    assert wanted <= set(case)
    assert [said["by"] for said in case["messages"]] == ["customer", "company"]
    answer = client.post(path + "messages/", {"text": "谢谢，那安装费呢？"}, "application/json")
    assert answer.status_code == 201
    assert answer.json()["messages"][-1]["text"] == "谢谢，那安装费呢？"
    assert client.post(path + "withdraw/", {}, "application/json").json()["public_status"] == "closed"
    assert client.post(path + "withdraw/", {}, "application/json").status_code in {409, 422}


def test_the_same_key_gets_the_same_answer_and_another_body_is_refused(client: Client) -> None:
    first, again = (post(client, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert first.json() == again.json()
    assert Ticket.objects.count() == 1
    other = post(client, BODY | {"content": "完全不同的另外一段内容在这里"}, **{"Idempotency-Key": "k1"})
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ('{"channel": "app", "content": "空调三天两头漏水，请处理", "content": "另一段话，完全不同的内容"}', "content"),
        (
            '{"channel": "app", "content": "空调三天两头漏水", "customer": {"phone": "1", "phone": "13800001234"}}',
            "phone",
        ),
    ],
)
def test_a_name_that_stands_twice_is_refused_by_name(client: Client, raw: str, field: str) -> None:
    answer = client.post("/api/v1/feedback/", raw, "application/json")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {field})
    assert not Ticket.objects.exists()


def test_fields_that_are_not_asked_for_are_refused_by_name(client: Client, zhou: Any) -> None:
    extra = {"number": "Q1", "status": "closed", "owner": "zhou", "tier": "L1", "department": "office", "round": 9,
             "received_at": "2001-01-01T00:00:00Z", "needs_review": False, "tracking_digest": "", "id": 1}  # fmt: skip
    answer = post(client, BODY | extra)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(extra)
    assert not Ticket.objects.exists()


def test_when_the_caller_had_it_and_whether_the_customer_agreed_is_kept(client: Client) -> None:
    had = "2026-01-05T09:30:00+08:00"
    post(
        client,
        BODY | {"claimed_at": had, "consent": True, "region": "", "customer": {"name": "王", "region": "330100"}},
    )
    ticket = Ticket.objects.get()
    assert ticket.claimed_at.isoformat() == "2026-01-05T01:30:00+00:00" and ticket.received_at.year > 2025
    assert ticket.customer.consent_version and "330100" in {ticket.region_id, ticket.region_text}


def test_anonymous_feedback_drops_the_customer_from_the_raw_body_too(client: Client) -> None:
    post(client, BODY | {"anonymous": True})
    assert Ticket.objects.get().customer is None
    assert b"139" not in bytes(RawMessage.objects.get().raw)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"content": ""}, "content"),
        ({"content": "太短"}, "content"),
        ({"content": "\u200b\u3000\ufeff"}, "content"),
        ({"content": None}, "content"),
        ({"content": ["x"]}, "content"),
        ({"channel": "pigeon"}, "channel"),
        ({"nature": "poem"}, "nature"),
        ({"category": "nothing"}, "category"),
        ({"rating": 6}, "rating"),
        ({"rating": True}, "rating"),
        ({"rating": "5.5"}, "rating"),
        ({"occurred_at": "2026-02-29"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"occurred_at": "9999-12-31T23:59:00-12:00"}, "occurred_at"),
        ({"customer": {"phone": "abc"}}, "customer.phone"),
        ({"customer": {"phone": "1380000"[:3]}}, "customer.phone"),
        ({"customer": {"email": "a@"}}, "customer.email"),
        ({"customer": []}, "customer"),
        ({"source": {"url": "javascript:alert(1)"}}, "source.url"),
        ({"attachments": ["x"]}, "attachments"),
        ({"attachments": ["00000000-0000-4000-8000-000000000000"]}, "attachments"),
    ],
)
def test_a_wrong_field_is_named(client: Client, change: dict[str, Any], field: str) -> None:
    answer = post(client, BODY | change)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert any(name.startswith(field) for name in answer.json()["errors"]), answer.json()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b'"x"', b"\xff\xfe", b'{"content": "\\u0000 nul nul nul"}', b'{"content": "\\ud800abcdefghijk"}',
     b'{"\\udfff": 1}', b"[" * 100_000, b'{"content": NaN}', b'{"content": 1e400}', b'{"rating": 1' + b"0" * 5000 + b"}"],
)  # fmt: skip
def test_a_broken_body_is_answered_with_a_problem_never_with_500(client: Client, body: bytes) -> None:
    answer = client.post("/api/v1/feedback/", body, "application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_file_is_handed_in_first_and_goes_with_one_voice_only(client: Client) -> None:
    content = b"%PDF-1.4\n1 0 obj\n%%EOF"
    answer = client.post("/api/v1/attachments/", {"file": SimpleUploadedFile("说明.pdf", content)})
    assert answer.status_code == 201
    row = answer.json()
    assert set(row) == {"id", "name", "size", "media_type", "sha256"}
    assert (row["name"], row["size"], row["media_type"]) == ("说明.pdf", len(content), "application/pdf")
    assert post(client, BODY | {"attachments": [row["id"]]}).status_code == 201
    assert Ticket.objects.get().attachments.count() == 1
    assert post(client, BODY | {"attachments": [row["id"]]}).status_code == 400


def test_a_token_needs_the_scope_to_submit(client: Client) -> None:
    for scopes, status in ((["submit"], 201), (["read"], 403)):
        secret = new_token()
        user = User.objects.create(username=f"app-{status}", is_app=True)
        ApiToken.objects.create(name="shop", digest=digest(secret), user=user, scopes=scopes, created_at=NOON)
        answer = post(client, Authorization=f"Bearer {secret}")
        assert answer.status_code == status
        assert client.get("/api/v1/categories/", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    assert (answer.json()["type"], "submit" in answer.json()["detail"]) == ("/problems/not-allowed", True)
    assert post(client, Authorization="Bearer nonsense").status_code == 401


def test_a_reference_used_twice_stays_two_voices(client: Client) -> None:
    for _ in range(2):
        assert post(client, BODY | {"source": {"ref": "review-1", "url": "https://shop.example/1"}}).status_code == 201
    assert Ticket.objects.filter(external_id="review-1").count() == 2


def test_handing_in_costs_a_bounded_number_of_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    post(client)
    with django_assert_max_num_queries(15):
        post(client, **{"Idempotency-Key": "k"})


def test_of_anonymous_feedback_nothing_that_could_name_the_sender_is_kept(client: Client) -> None:
    body = {"content": "请问这款空调保修几年，怎样预约？", "anonymous": True, "customer": {"name": "李四光"},
            "source": {"ref": "R1"}}  # fmt: skip
    assert post(client, body | {"user_id": "u-77"}).status_code == 400
    assert not RawMessage.objects.exists()
    assert post(client, body).status_code == 201
    kept = bytes(RawMessage.objects.get().raw).decode()
    assert not [word for word in ("李四光", "u-77") if word in kept]
    assert "保修几年" in kept
    assert "R1" in kept


def test_an_upload_that_was_cut_off_is_told_to_be_too_large(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("tickets.attachments.files.largest", lambda kind="": 100)
    answer = client.post("/api/v1/attachments/", {"file": SimpleUploadedFile("a.txt", b"x" * 1000)})
    assert answer.status_code == 400
    assert "a.txt" in answer.json()["errors"]["file"][0]
