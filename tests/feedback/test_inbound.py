"""`POST /hooks/inbound/<source>/`: signed, read by the source's own mapping, once (B2.1 DI-8)."""
# ruff: noqa: E501

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common import signatures
from feedback.models import RawMessage, Source
from feedback.sources import foreign
from notices.models import Notice
from tests.corpus import inputs
from tests.make import NOON
from tickets import services as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
MAPPING = {
    "content": "review.text", "rating": "review.stars", "name": "author.nick", "external_id": "review.id", "url": "review.link",
    "said_at": "review.at", "phone": "author.phones.0", "email": "author.mail", "nature": "kind",
}  # fmt: skip
BODY = {
    "review": {"text": "送货太慢，包装也破了。", "stars": 2, "id": "r-1", "link": "https://shop.example/r/1", "at": "2026-11-20T10:00:00+08:00"},
    "author": {"nick": "买家小王", "phones": ["138 0000 1234"], "mail": "wang@example.com"},
}  # fmt: skip


@pytest.fixture
def source(db: None) -> Source:
    return Source.objects.create(code="taobao", name="淘宝", channel="review", mapping=MAPPING, created_at=NOON)


def call(client: Client, source: Source, body: Any, *, event: str = "e1", secret: str = "", **changed: str) -> Any:
    client.raise_request_exception = False
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = signatures.headers_of(secret or source.secret, message_id=event, at=timezone.now(), body=raw) | changed
    return client.post(f"/hooks/inbound/{source.code}/", raw, "application/json", headers=headers)


def review(**changed: Any) -> dict[str, Any]:
    return BODY | {"review": BODY["review"] | changed}


def test_a_signed_review_becomes_a_ticket(client: Client, source: Source) -> None:
    answer = call(client, source, BODY)
    ticket = Ticket.objects.select_related("customer").get()
    assert (answer.status_code, answer.json()) == (200, {"outcome": "ticket", "number": ticket.number})
    assert (ticket.content, ticket.stars, ticket.channel) == ("送货太慢，包装也破了。", 2, "review")
    assert (ticket.source, ticket.external_id, ticket.source_url) == ("taobao", "r-1", "https://shop.example/r/1")
    assert (ticket.customer.name, ticket.customer.phone) == ("买家小王", "13800001234")
    assert ticket.claimed_at.isoformat() == "2026-11-20T02:00:00+00:00"
    assert json.loads(bytes(RawMessage.objects.get().raw)) == BODY


def test_nobody_is_mailed_who_only_wrote_a_review(client: Client, source: Source) -> None:
    call(client, source, BODY)
    assert not Notice.objects.filter(kind="received").exists()


@pytest.mark.parametrize(
    ("stars", "text", "bad"),
    [(1, "还行", True), (3, "还行", True), (4, "还行吧", False), ("5星", "很好很满意", False), (None, "质量太差，气死人，再也不买了", True), ("★★☆☆☆", "嗯", True), ("8/10", "不错", False)],
)  # fmt: skip
def test_up_to_three_stars_or_an_angry_text_is_a_bad_review(
    client: Client, source: Source, stars: Any, text: str, bad: bool
) -> None:
    call(client, source, review(stars=stars, text=text))
    ticket = Ticket.objects.get()
    assert ticket.is_bad_review is bad
    assert not bad or ticket.nature == "complaint"


@pytest.mark.parametrize(
    ("stars", "text", "nature"),
    [(5, "师傅很专业，好评", "suggestion"), (4, "客服回复及时，给好评", "suggestion"), (None, "师傅很专业，好评", "suggestion"), (5, "Very professional technician", "suggestion"), (5, "太难吃了，又凉又慢，再也不点了", "complaint"), (2, "师傅很专业，好评", "complaint")],
)  # fmt: skip
def test_a_review_with_many_stars_and_no_angry_word_is_no_complaint(
    client: Client, source: Source, stars: Any, text: str, nature: str
) -> None:
    call(client, source, review(stars=stars, text=text))
    assert Ticket.objects.get().nature == nature


def test_a_source_says_itself_how_many_stars_are_bad(client: Client, source: Source) -> None:
    source.bad_stars = 1
    source.save()
    call(client, source, review(stars=2, text="嗯嗯"))
    assert Ticket.objects.get().is_bad_review is False


def test_the_same_event_twice_is_one_ticket(client: Client, source: Source) -> None:
    first, again = call(client, source, BODY), call(client, source, BODY)
    assert (first.json(), Ticket.objects.count()) == (again.json(), 1)


def test_the_same_review_in_another_event_is_known_and_a_changed_one_is_a_message(
    client: Client, source: Source
) -> None:
    number = call(client, source, BODY).json()["number"]
    assert call(client, source, BODY, event="e2").json() == {"outcome": "duplicate", "number": number}
    changed = call(client, source, review(text="补充：客服也不回复。"), event="e3").json()
    assert changed == {"outcome": "message", "number": number}
    assert call(client, source, review(text="补充：客服也不回复。"), event="e4").json()["outcome"] == "duplicate"
    assert Ticket.objects.get().messages.get().text == "补充：客服也不回复。"


@pytest.mark.parametrize(
    "body", [{}, [], {"event": "shop.closed"}, {"review": None}, {"review": {"text": "\u200b"}}, "x", 5, None]
)
def test_an_event_without_a_voice_is_stored_and_told_so(client: Client, source: Source, body: Any) -> None:
    answer = call(client, source, body)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "ignored")
    assert RawMessage.objects.get().state == "ignored"


def test_what_cannot_be_read_is_left_out_and_the_voice_is_kept(client: Client, source: Source) -> None:
    body = review(stars="many", link="javascript:alert(1)", at="yesterday") | {
        "author": {"phones": ["x"], "mail": "@"},
        "kind": "poem",
    }
    answer = call(client, source, body).json()
    assert answer["dropped"] == ["email", "nature", "phone", "rating", "said_at", "url"]
    ticket = Ticket.objects.get()
    assert (ticket.stars, ticket.source_url) == (None, "")


def test_a_stranger_hands_in_nothing(client: Client, source: Source) -> None:
    assert call(client, source, BODY, secret=signatures.new_secret()).status_code == 401
    assert client.post("/hooks/inbound/taobao/", BODY, "application/json").status_code == 401
    assert client.post("/hooks/inbound/nobody/", BODY, "application/json").status_code == 404
    source.is_active = False
    source.save()
    assert call(client, source, BODY).status_code == 404
    assert client.get("/hooks/inbound/taobao/").status_code == 405
    assert not Ticket.objects.exists()
    assert not RawMessage.objects.exists()


def test_a_new_secret_is_taken_at_once_and_the_old_one_for_a_day(client: Client, source: Source, zhou: User) -> None:
    User.objects.filter(pk=zhou.pk).update(roles=["admin"])
    client.force_login(zhou)
    old = source.secret
    assert client.post("/sources/taobao/secret/").status_code == 200
    source.refresh_from_db()
    assert call(client, source, BODY).status_code == 200
    assert call(client, source, BODY, secret=old, event="e2").status_code == 200
    Source.objects.update(former_until=timezone.now() - timedelta(seconds=1))
    assert call(client, source, BODY, secret=old, event="e3").status_code == 401


@pytest.mark.parametrize("name", inputs.TEXTS | inputs.EMPTY | {"long": "长" * 90_000})
def test_the_corpus_comes_in_as_it_was_or_is_ignored(client: Client, source: Source, name: str) -> None:
    text = (inputs.TEXTS | inputs.EMPTY | {"long": "长" * 90_000})[name]
    answer = call(client, source, review(text=text) | {"author": {"nick": text[:90]}})
    assert answer.status_code == 200
    if answer.json()["outcome"] == "ticket":
        from common.text import clean

        assert Ticket.objects.get().content == clean(text).strip()


@pytest.mark.parametrize("name", inputs.BODIES)
def test_an_odd_body_is_no_accident(client: Client, source: Source, name: str) -> None:
    assert call(client, source, inputs.BODIES[name]).status_code in {200, 400}


@pytest.mark.parametrize("value", inputs.NUMBERS, ids=lambda value: repr(value)[:20])
def test_odd_stars_are_stars_or_named(value: Any) -> None:
    record = foreign.read({"content": "x", "rating": value}, at=NOON)
    assert "rating" in record.problems or 1 <= record.content.get("stars", 1) <= 5


@pytest.mark.parametrize("value", inputs.MOMENTS, ids=lambda value: repr(value)[:30])
def test_odd_moments_are_named(value: Any) -> None:
    record = foreign.read({"content": "x", "occurred_at": value}, at=NOON)
    assert "occurred_at" in record.problems or value == "2026/1/2"


def test_the_ticket_has_the_answer_to_paste_and_the_way_there(client: Client, source: Source, zhou: User) -> None:
    call(client, source, BODY)
    ticket = tickets.reply(Ticket.objects.get(), text="抱歉，明天补发。", by=zhou, at=timezone.now())
    client.force_login(zhou)
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert 'href="https://shop.example/r/1"' in page
    assert 'id="paste-text"' in page


def test_why_an_event_was_left_alone_is_told_in_the_readers_language(
    client: Client, source: Source, zhou: User
) -> None:
    call(client, source, {"nothing": "here"})
    User.objects.filter(pk=zhou.pk).update(roles=["admin"])
    client.force_login(zhou)
    for language, words in (("zh-hans", "没有内容。"), ("en", "There is no text.")):
        page = client.get("/sources/taobao/", headers={"accept-language": language})
        assert words in page.content.decode()


def test_a_source_is_made_tried_and_changed_on_its_page(client: Client, zhou: User, lin: User) -> None:
    client.force_login(lin)
    assert client.get("/sources/").status_code == 403
    User.objects.filter(pk=zhou.pk).update(roles=["admin"])
    client.force_login(zhou)
    fields = {"code": "jd", "name": "京东", "channel": "review", "bad_stars": "2", "is_active": "on",
              "mapping": "content = review.text\nrating = review.stars", "sample": json.dumps(review(stars=9))}  # fmt: skip
    tried = client.post("/sources/new/", fields | {"try": "1"}).content.decode()
    assert "送货太慢" in tried
    assert not Source.objects.exists()
    page = client.post("/sources/new/", fields)
    row = Source.objects.get()
    assert row.secret in page.content.decode()
    assert row.mapping == {"content": "review.text", "rating": "review.stars"}
    client.post("/sources/jd/", fields | {"code": "other", "name": "京东商城", "sample": ""})
    row.refresh_from_db()
    assert (row.code, row.name) == ("jd", "京东商城")
    assert row.secret not in client.get("/sources/jd/").content.decode()
    for wrong in ("rating = a", "content", "content = a\nowner = b", "content = a b"):
        assert client.post("/sources/jd/", fields | {"mapping": wrong}).status_code == 422
    assert client.post("/sources/jd/", fields | {"sample": "{"}).status_code == 422
    assert "京东商城" in client.get("/sources/").content.decode()


@pytest.mark.parametrize("code", ["new", "api"])
def test_a_source_is_not_named_like_a_page_or_like_those_who_need_no_name(client, zhou, code):
    User.objects.filter(pk=zhou.pk).update(roles=["admin"])
    client.force_login(User.objects.get(pk=zhou.pk))
    form = {"code": code, "name": "平台", "channel": "review", "mapping": "content = text", "bad_stars": "3"}
    answer = client.post("/sources/new/", form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])


def test_the_ticket_says_that_it_is_a_bad_review_and_with_how_many_stars(
    client: Client, source: Source, zhou: User
) -> None:
    call(client, source, BODY)
    client.force_login(zhou)
    page = client.get(Ticket.objects.get().get_absolute_url()).content.decode()
    assert "差评</span>" in page
    assert "2 星（满分 5 星）" in page
