"""C3.1: the chat answers simple questions from published answers, and hands everything else to a person."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from drf_spectacular.generators import SchemaGenerator

from feedback.chat import services as services_chat
from feedback.models import Chat, ChatLine, KeywordRule, RawMessage
from knowledge.models import Article
from tests.make import NOON
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return Article.objects.create(question="空调整机保修几年？", answer="整机保修六年，凭发票。", is_public=True)


def ask(client, text: str):
    return client.post("/chat/", {"text": text}, follow=True)


def token_of(answer) -> str:
    return answer.redirect_chain[-1][0].split("/")[2]


def test_a_known_question_is_answered_with_its_source_and_asked_whether_it_helped(client, article):
    answer = ask(client, "请问空调保修几年")
    page = answer.content.decode()
    assert "整机保修六年" in page
    assert f"/knowledge/{article.pk}/" in page
    line = ChatLine.objects.get(article=article)
    token = token_of(answer)
    client.post(f"/chat/{token}/helped/", {"line": line.pk, "helped": "yes"})
    client.post(f"/chat/{token}/helped/", {"line": line.pk, "helped": "no"})
    article.refresh_from_db()
    assert (article.helped, article.did_not_help) == (1, 0), "the first word counts, once"


@pytest.mark.parametrize(
    ("text", "why"),
    [("人工", "asked"), ("转人工服务", "asked"), ("I want an AGENT please", "asked"), ("今天天气好吗", "unknown")],
)
def test_a_person_takes_over_at_once(client, article, text, why):
    page = ask(client, text).content.decode()
    assert Chat.objects.get().why == why
    assert "/form/" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_own_button_calls_a_person(client, article, language):
    client.cookies["language"] = language
    said = re.search(r'name="text" value="([^"]+)"', client.get("/chat/").content.decode())
    ask(client, said[1])
    assert Chat.objects.get().why == "asked"


def test_danger_goes_to_a_person_although_an_answer_would_fit(client, article):
    KeywordRule.objects.create(code="danger", name="危险", words=["冒烟"], effect=KeywordRule.Effect.TIER, value="L1")
    ask(client, "空调冒烟了，保修几年")
    assert Chat.objects.get().why == "danger"


def test_a_complaint_is_not_put_off_with_an_answer_that_fits_by_half(client, article):
    ask(client, "空调保修几年都没有用，修了又坏，我要投诉")
    assert Chat.objects.get().why == "unknown"


def test_an_answer_that_did_not_help_hands_over(client, article):
    answer = ask(client, "空调保修几年")
    client.post(f"/chat/{token_of(answer)}/helped/", {"line": ChatLine.objects.get(article=article).pk, "helped": "no"})
    assert Chat.objects.get().why == "no_help"


def test_the_form_begins_with_what_was_said_and_the_conversation_goes_along(client, article, zhou):
    token = token_of(ask(client, "空调保修几年"))
    client.post(f"/chat/{token}/", {"text": "已经坏了三次，转人工"})
    form = client.get(f"/chat/{token}/form/")
    assert "已经坏了三次" in form.content.decode()
    sent = {"token": "k" * 24, "content": "空调坏了三次，请上门更换。", "anonymous": "1"}
    receipt = client.post(f"/chat/{token}/form/", sent, follow=True)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.first_contact) == ("chat", None)
    assert ticket.number in receipt.content.decode()
    assert Chat.objects.get().ticket == ticket
    raw = json.loads(bytes(RawMessage.objects.get().raw))
    assert [line["who"] for line in raw["conversation"]] == ["customer", "machine", "customer"]
    client.post(f"/chat/{token}/form/", sent)
    assert Ticket.objects.count() == 1
    client.force_login(zhou)
    assert "整机保修六年" in client.get(ticket.get_absolute_url()).content.decode()


def test_a_bare_call_for_a_person_is_not_put_into_the_form(client, article):
    token = token_of(ask(client, "空调保修几年"))
    client.post(f"/chat/{token}/", {"text": "转人工"})
    assert client.get(f"/chat/{token}/form/").context["form"].initial["content"] == "空调保修几年"


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("空调坏了，转人工", "空调坏了，转人工"),
        ("你好，转人工", ""),
        ("麻烦帮我转人工", ""),
        ("fridge, agent", "fridge, agent"),
        ("agent!", ""),
    ],
)
def test_what_is_said_beside_a_call_for_a_person_is_the_matter(client, article, text, begun):
    token = token_of(ask(client, text))
    assert client.get(f"/chat/{token}/form/").context["form"].initial["content"] == begun


def test_a_short_question_is_handed_in_as_it_stands_in_the_form(client, article):
    token = token_of(ask(client, "空调保修几年"))
    client.post(f"/chat/{token}/", {"text": "转人工"})
    form = client.get(f"/chat/{token}/form/")
    assert "10 到 5,000 字" not in form.content.decode()
    begun = form.context["form"].initial
    sent = {"token": begun["token"], "content": begun["content"], "anonymous": "1"}
    answer = client.post(f"/chat/{token}/form/", sent)
    assert answer.status_code == 302
    assert Chat.objects.get().ticket == Ticket.objects.get()


def test_who_goes_back_from_the_receipt_and_sends_the_same_words_gets_the_same_receipt(client, article):
    """As with the public form (decision 0086): the form that comes anew has a token of its own."""
    token = token_of(ask(client, "空调坏了三次都没有人来修，请转人工"))
    address = f"/chat/{token}/form/"
    receipts = []
    for _again in range(2):
        begun = client.get(address).context["form"].initial
        answer = client.post(address, begun | {"anonymous": "1"})
        receipts.append(answer["Location"])
    assert Ticket.objects.count() == 1
    assert receipts[0] == receipts[1]
    client.post(
        address, client.get(address).context["form"].initial | {"anonymous": "1", "content": "还有一件别的事情。"}
    )
    assert Ticket.objects.count() == 2


def test_what_is_wrong_in_the_form_is_said_there(client, article):
    token = token_of(ask(client, "人工"))
    answer = client.post(f"/chat/{token}/form/", {"content": "短", "anonymous": "1"})
    assert answer.status_code == 422


def test_looking_stores_nothing_and_a_strange_conversation_does_not_exist(client, article):
    client.get("/chat/")
    assert not Chat.objects.exists()
    for path in ("/chat/nothing/", "/chat/nothing/form/", f"/chat/{'x' * 500}/"):
        assert client.get(path).status_code == 404
    assert client.post("/chat/", {"text": " \u200b "}).status_code == 422


def test_nobody_judges_the_answer_of_another_conversation(client, article):
    ask(client, "空调保修几年")
    line = ChatLine.objects.get(article=article)
    other = token_of(ask(client, "空调保修几年"))
    assert client.post(f"/chat/{other}/helped/", {"line": line.pk, "helped": "yes"}).status_code == 404
    assert client.post(f"/chat/{other}/helped/", {"line": "9" * 30}).status_code == 404


def test_conversations_that_became_no_case_go_after_thirty_days():
    services_chat.begin(language="zh-hans", at=NOON)
    assert services_chat.forget(NOON + timedelta(days=29)) == 0
    assert services_chat.forget(NOON + timedelta(days=31)) == 1


# --- by the API -------------------------------------------------------------------------------------
def call(client, body, **headers):
    return client.post("/api/v1/chat/", json.dumps(body), content_type="application/json", headers=headers)


def test_the_api_answers_with_source_and_hands_over(client, article):
    first = call(client, {"text": "空调保修几年"}).json()
    assert first["answers"][0]["text"].startswith("整机保修六年")
    assert first["answers"][0]["source_url"].endswith(f"/knowledge/{article.pk}/")
    assert (first["hand_over"], first["form_url"]) == (False, "")
    same = {"conversation": first["conversation"]}
    judged = call(client, same | {"answer": first["answers"][0]["id"], "helped": True}).json()
    assert judged["hand_over"] is False
    last = call(client, same | {"text": "agent"}).json()
    assert (last["hand_over"], last["why"]) == (True, "asked")
    assert client.get(urlsplit(last["form_url"]).path).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "\u200b"}, {"text": "x" * 2001}, {"helped": True}, {"answer": 1, "helped": True},
     {"text": "a", "answer": 1, "helped": True}],
)  # fmt: skip
def test_a_call_that_makes_no_sense_is_refused_by_name(client, body):
    answer = call(client, body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"]


def test_an_unknown_conversation_is_404_and_a_repeated_call_is_one(client, article):
    assert call(client, {"conversation": "nothing", "text": "保修"}).status_code == 404
    assert "404" in SchemaGenerator().get_schema(public=True)["paths"]["/api/v1/chat/"]["post"]["responses"]
    answers = [call(client, {"text": "空调保修几年"}, **{"Idempotency-Key": "k1"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Chat.objects.count() == 1


def test_a_conversation_ends_where_a_person_takes_over(client, monkeypatch):
    """Else one address makes in a day a page of 50 MB, which anybody with its link asks for as often as they like."""
    monkeypatch.setattr(services_chat, "MOST_LINES", 3)
    token = token_of(ask(client, "人工"))
    for _line in range(2):
        assert client.post(f"/chat/{token}/", {"text": "今天天气好吗"}).status_code == 302
    page = client.post(f"/chat/{token}/", {"text": "今天天气好吗"})
    assert page.status_code == 422
    assert "最长长度" in page.content.decode()
    told = client.post("/api/v1/chat/", {"conversation": token, "text": "在吗"}, content_type="application/json")
    assert (told.status_code, list(told.json()["errors"])) == (400, ["text"])
    assert ChatLine.objects.count() == 3
