"""WeChat Official Accounts: conversations, answers within 48 hours."""

import secrets
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from feedback.models import RawMessage, WechatAccount, WechatContact, WechatMedia
from feedback.wechat import crypto
from tests.corpus import inputs
from tests.feedback.test_wechat_protocol import APP, KEY, MOMENT, NONCE, SEALED, SIGNED, TOKEN
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def an_account() -> WechatAccount:
    return WechatAccount.objects.create(code="main", name="澄川服务", app_id=APP, app_secret="s", token=TOKEN)


@pytest.fixture
def account(db: None) -> WechatAccount:
    return an_account()


def signed(*more: str, at: str = "", name: str = "signature") -> dict[str, str]:
    moment = at or str(int(timezone.now().timestamp()))
    nonce = secrets.token_hex(5)  # a fresh one for each call, as WeChat makes it
    return {name: crypto.signature([TOKEN, moment, nonce, *more]), "timestamp": moment, "nonce": nonce}


def write(
    client: Client, text: str = "空调漏水，两次上门没有修好。", number: str = "1", openid: str = "o1", **fields: str
) -> str:
    client.raise_request_exception = False
    body = crypto.write(
        {
            "ToUserName": "gh_1",
            "FromUserName": openid,
            "CreateTime": "1409735668",
            "MsgType": "text",
            "Content": text,
            "MsgId": number,
        }
        | fields
    )
    answer = client.post("/hooks/wechat/main/?" + urlencode(signed()), body, "text/xml")
    assert answer.status_code == 200, answer.content
    return crypto.read(answer.content)["Content"] if answer.content.startswith(b"<xml>") else answer.content.decode()


def test_the_address_proves_itself_to_wechat_and_to_nobody_else(client: Client, account: WechatAccount) -> None:
    assert client.get("/hooks/wechat/main/", signed() | {"echostr": "shr5ch"}).content == b"shr5ch"
    assert client.get("/hooks/wechat/main/", signed() | {"echostr": "x", "nonce": "other"}).status_code == 403
    assert client.get("/hooks/wechat/none/", signed()).status_code == 404


def test_a_text_becomes_a_ticket_and_the_answer_tells_its_number(client: Client, account: WechatAccount) -> None:
    answer = write(client)
    ticket = Ticket.objects.get()
    assert ticket.number in answer
    assert "/t/" in answer
    assert (ticket.channel, ticket.content) == ("wechat", "空调漏水，两次上门没有修好。")
    assert WechatContact.objects.get().ticket == ticket


def test_the_number_of_somebody_elses_message_leads_nobody_to_it(client: Client, account: WechatAccount) -> None:
    """Numbers are WeChat's to give; should one come twice, neither voice is lost nor told to the other."""
    first = write(client)
    second = write(client, text="热水器不出热水，等了三天。", openid="o2")
    assert Ticket.objects.count() == 2
    assert first != second


def test_the_same_message_again_does_nothing(client: Client, account: WechatAccount) -> None:
    write(client)
    write(client)
    assert (Ticket.objects.count(), RawMessage.objects.count()) == (1, 1)


def test_a_signature_that_was_seen_serves_for_no_other_message(client: Client, account: WechatAccount) -> None:
    """Plain messages are not part of what WeChat signs: who reads one address writes in nobody's name (S-6)."""
    seen = "/hooks/wechat/main/?" + urlencode(signed())
    fields = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": "1", "MsgType": "text"}
    own, asks = (crypto.write(fields | {"Content": text, "MsgId": text}) for text in ("空调漏水，请尽快处理。", "进度"))
    first, again, forged = (client.post(seen, body, "text/xml") for body in (own, own, asks))
    assert (first.status_code, again.status_code, forged.status_code, forged.content) == (200, 200, 403, b"")


@pytest.mark.parametrize("text", ["你好", "您好！", "在吗？？", "Hello~"])
def test_a_greeting_is_answered_with_how_to_write(client: Client, account: WechatAccount, text: str) -> None:
    assert "编号" in write(client, text) and not Ticket.objects.exists()
    write(client, number="2")
    assert write(client, text, "3") == "success"
    assert Ticket.objects.get().messages.get().text == text


def test_what_follows_belongs_to_the_open_case_and_another_person_has_their_own(
    client: Client, account: WechatAccount
) -> None:
    write(client)
    assert write(client, "补充：型号是 KFR-35GW。", "2") == "success"
    assert [one.text for one in Ticket.objects.get().messages.all()] == ["补充：型号是 KFR-35GW。"]
    write(client, "我要投诉快递。", "3", openid="o2")
    assert Ticket.objects.count() == 2


def test_after_a_week_or_once_it_is_closed_a_new_case_begins(client: Client, account: WechatAccount) -> None:
    write(client)
    Ticket.objects.update(received_at=timezone.now() - timedelta(days=8))
    write(client, "这次是冰箱的问题。", "2")
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    "ask",
    [
        {"text": "进度"},
        {"text": " 查进度 "},
        {"text": "Progress"},
        {"MsgType": "event", "Event": "CLICK", "EventKey": "progress", "MsgId": ""},
    ],
)
def test_progress_is_told_by_keyword_and_by_menu_and_only_of_ones_own_cases(
    client: Client, account: WechatAccount, ask: dict[str, str]
) -> None:
    assert "没有" in write(client, number="9", **ask)
    write(client)
    number = Ticket.objects.get().number
    told = write(client, number="10", CreateTime="2", **ask)
    assert number in told and client.get(urlsplit(told.split()[-1]).path).status_code == 200
    assert number not in write(client, number="11", CreateTime="3", openid="o2", **ask)
    assert Ticket.objects.count() == 1


def test_a_new_follower_is_welcomed_and_leaves_no_case(client: Client, account: WechatAccount) -> None:
    assert "进度" in write(client, MsgType="event", Event="subscribe", MsgId="")
    assert write(client, MsgType="event", Event="VIEW", MsgId="") == "success"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("kind", "word"), [("image", "[图片]"), ("voice", "[语音]"), ("video", "[视频]"), ("shortvideo", "[视频]")]
)
def test_a_picture_a_voice_and_a_video_are_taken_and_to_be_fetched(
    client: Client, account: WechatAccount, kind: str, word: str
) -> None:
    write(client, MsgType=kind, MediaId="m1")
    assert Ticket.objects.get().content == word
    assert WechatMedia.objects.get().media_id == "m1"


def test_a_voice_that_wechat_understood_is_taken_as_text(client: Client, account: WechatAccount) -> None:
    write(client, MsgType="voice", MediaId="m1", Recognition="空调漏水了")
    assert Ticket.objects.get().content == "空调漏水了"


def test_a_sealed_message_is_taken_and_answered_sealed(client: Client, account: WechatAccount) -> None:
    account.aes_key = KEY
    account.save()
    inner = crypto.write(
        {
            "ToUserName": "gh_1",
            "FromUserName": "o1",
            "CreateTime": "1",
            "MsgType": "text",
            "Content": "空调漏水请处理",
            "MsgId": "1",
        }
    )
    sealed = crypto.encrypt(inner, encoding_key=KEY, app_id=APP)
    body = crypto.write({"ToUserName": "gh_1", "Encrypt": sealed})
    answer = client.post("/hooks/wechat/main/?" + urlencode(signed(sealed, name="msg_signature")), body, "text/xml")
    fields = crypto.read(answer.content)
    crypto.check_signature(fields["MsgSignature"], TOKEN, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
    told = crypto.read(crypto.decrypt(fields["Encrypt"], encoding_key=KEY, app_id=APP))
    assert Ticket.objects.get().number in told["Content"]
    assert (told["ToUserName"], told["FromUserName"]) == ("o1", "gh_1")


def test_an_account_with_a_key_takes_nothing_plain_and_nothing_recorded(client: Client, account: WechatAccount) -> None:
    account.aes_key = KEY
    account.save()
    plain = crypto.write({"FromUserName": "o1", "MsgType": "text", "Content": "x", "MsgId": "1"})
    assert client.post("/hooks/wechat/main/?" + urlencode(signed()), plain, "text/xml").status_code == 403
    old = {"msg_signature": SIGNED, "timestamp": MOMENT, "nonce": NONCE}
    assert (
        client.post("/hooks/wechat/main/?" + urlencode(old), crypto.write({"Encrypt": SEALED}), "text/xml").status_code
        == 403
    )
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"<xml/>", b"<xml><FromUserName/></xml>", b"x" * 200_000, b"<xml><FromUserName>o</FromUserName></xml>"],
)
def test_odd_bodies_do_nothing(client: Client, account: WechatAccount, body: bytes) -> None:
    client.raise_request_exception = False
    assert client.post("/hooks/wechat/main/?" + urlencode(signed()), body, "text/xml").status_code in {200, 403}
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("name", inputs.TEXTS | inputs.EMPTY)
def test_the_corpus_comes_in_as_far_as_xml_can_carry_it(client: Client, account: WechatAccount, name: str) -> None:
    from common.text import clean

    text = (inputs.TEXTS | inputs.EMPTY)[name]
    body = crypto.write({"FromUserName": "o1", "MsgType": "text", "Content": text, "MsgId": "1"})
    client.raise_request_exception = False
    answer = client.post("/hooks/wechat/main/?" + urlencode(signed()), body, "text/xml")
    assert answer.status_code == 200
    kept = Ticket.objects.first()
    if kept:
        assert kept.content == clean(text.strip()).strip().replace("\ufffe\uffff", "")
