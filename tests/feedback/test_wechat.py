"""WeChat Official Accounts: conversations, answers within 48 hours."""

import json
import secrets
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from feedback.models import RawMessage, WechatAccount, WechatContact, WechatMedia, WechatMessage
from feedback.wechat import crypto
from feedback.wechat import services as services_wechat
from notices.models import Notice
from tests.corpus import inputs
from tests.feedback.test_wechat_protocol import APP, KEY, MOMENT, NONCE, SEALED, SIGNED, TOKEN
from tickets import services as tickets
from tickets.models import Ticket

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(100)
pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db: None) -> WechatAccount:
    return WechatAccount.objects.create(code="main", name="澄川服务", app_id=APP, app_secret="s", token=TOKEN)


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
def test_the_corpus_comes_in_as_it_was_or_not_at_all(client: Client, account: WechatAccount, name: str) -> None:
    from common.text import clean

    text = (inputs.TEXTS | inputs.EMPTY)[name]
    body = crypto.write({"FromUserName": "o1", "MsgType": "text", "Content": text, "MsgId": "1"})
    client.raise_request_exception = False
    answer = client.post("/hooks/wechat/main/?" + urlencode(signed()), body, "text/xml")
    assert answer.status_code in {200, 403}  # XML cannot carry control characters
    kept = Ticket.objects.first()
    if kept:
        assert kept.content == clean(text.strip()).strip()


class Wechat:
    """WeChat's interface as far as we call it: answers in turn, remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, list[str]], Any]] = []
        self.answers: list[Any] = []
        self.token: Any = None


@pytest.fixture
def wechat(settings: Any) -> Iterator[Wechat]:
    state = Wechat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            state.asked.append((parts.path, parse_qs(parts.query), json.loads(body) if body else None))
            if parts.path == "/cgi-bin/token":
                answer: Any = state.token or {"access_token": f"T{len(state.asked)}", "expires_in": 7200}
            else:
                answer = state.answers.pop(0) if state.answers else {"errcode": 0, "errmsg": "ok"}
            raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"127.0.0.1:{server.server_address[1]}"
    settings.OUTGOING_ALLOWED, settings.WECHAT_API = [place], f"http://{place}"
    yield state
    server.shutdown()
    server.server_close()


def answered(client: Client, zhou: User) -> WechatMessage:
    write(client)
    tickets.reply(Ticket.objects.get(), text="明天上午师傅上门。", by=zhou, at=timezone.now())
    return WechatMessage.objects.get()


def test_an_answer_goes_out_as_a_customer_service_message(
    client: Client, account: WechatAccount, zhou: User, wechat: Wechat
) -> None:
    row = answered(client, zhou)
    assert services_wechat.deliver_due(timezone.now()) == 1
    path, query, body = wechat.asked[-1]
    assert (path, body["touser"], query["access_token"]) == ("/cgi-bin/message/custom/send", "o1", ["T1"])
    assert "明天上午师傅上门。" in body["text"]["content"]
    row.refresh_from_db()
    assert row.state == "sent"
    assert services_wechat.deliver_due(timezone.now()) == 0


def test_a_run_ends_before_its_claims_do(
    client: Client, account: WechatAccount, zhou: User, wechat: Wechat, monkeypatch: Any
) -> None:
    answered(client, zhou)
    tickets.reply(Ticket.objects.get(), text="师傅已经出发。", by=zhou, at=timezone.now())
    monkeypatch.setattr(services_wechat, "LONGEST_RUN", 0.0)
    at = timezone.now()
    assert [services_wechat.deliver_due(at) for _ in range(3)] == [1, 1, 0]


def test_after_48_hours_nothing_is_sent_and_colleagues_are_told(
    client: Client, account: WechatAccount, zhou: User, wechat: Wechat
) -> None:
    row = answered(client, zhou)
    client.force_login(zhou)
    page = client.get(f"/tickets/{Ticket.objects.get().number}/").content.decode()
    assert "您的答复会同时发到用户的微信" in page and "查询页面和微信" in page
    WechatContact.objects.update(heard_at=timezone.now() - timedelta(hours=49))
    services_wechat.deliver_due(timezone.now())
    row.refresh_from_db()
    assert (row.state, wechat.asked) == ("late", [])
    note = Ticket.objects.get().messages.get(direction="internal")
    assert note.text == (
        "以下内容未能通过微信送达用户：用户已超过 48 小时未在微信中发言。请改用其他方式告知。\n明天上午师傅上门。"
    )
    told = Notice.objects.get(kind="wechat_undelivered")
    assert told.user == Ticket.objects.get().owner == zhou
    assert "微信已不可送达" in client.get(f"/tickets/{Ticket.objects.get().number}/").content.decode()


@pytest.mark.parametrize(("code", "state"), [(45015, "late"), (40003, "failed"), (-1, "waiting"), (45009, "waiting")])
def test_what_wechat_refuses_is_on_record(
    client: Client, account: WechatAccount, zhou: User, wechat: Wechat, code: int, state: str
) -> None:
    row = answered(client, zhou)
    wechat.answers = [{"errcode": code, "errmsg": "no"}]
    services_wechat.deliver_due(timezone.now())
    row.refresh_from_db()
    assert row.state == state
    assert str(code) in row.error
    notes = Ticket.objects.get().messages.filter(direction="internal")
    assert [("40003 no" in note.text, "48" in note.text) for note in notes] == (
        {"late": [(False, True)], "failed": [(True, False)], "waiting": []}[state]
    )


def test_who_waits_too_long_for_the_first_answer_gets_the_number_with_the_next_try(
    client: Client, account: WechatAccount
) -> None:
    write(client, number="7")
    again = write(client, number="7")
    assert Ticket.objects.get().number in again and "/t/" in again
    write(client, "还是漏水。", number="8")
    assert write(client, "还是漏水。", number="8") == "success"
    assert Ticket.objects.get().messages.count() == 1


def test_why_no_token_was_given_is_told_in_wechats_words(
    client: Client, account: WechatAccount, wechat: Wechat, zhou: User
) -> None:
    row = answered(client, zhou)
    wechat.token = {"errcode": 40164, "errmsg": "invalid ip 1.2.3.4, not in whitelist"}
    services_wechat.deliver_due(timezone.now())
    row.refresh_from_db()
    assert (row.state, row.error) == ("waiting", "40164 invalid ip 1.2.3.4, not in whitelist")


def test_an_access_token_is_kept_and_renewed_when_it_has_ended(
    client: Client, account: WechatAccount, zhou: User, wechat: Wechat
) -> None:
    answered(client, zhou)
    wechat.answers = [{"errcode": 42001, "errmsg": "expired"}]
    assert services_wechat.deliver_due(timezone.now()) == 1
    assert [path for path, _query, _body in wechat.asked] == ["/cgi-bin/token", "/cgi-bin/message/custom/send"] * 2
    ticket = Ticket.objects.get()
    tickets.reply(ticket, text="已经修好。", by=zhou, at=timezone.now())
    services_wechat.deliver_due(timezone.now())
    assert wechat.asked[-2][0] != "/cgi-bin/token"


def test_while_wechat_is_away_it_is_tried_again(
    client: Client, account: WechatAccount, zhou: User, settings: Any
) -> None:
    settings.WECHAT_API, settings.OUTGOING_ALLOWED = "http://127.0.0.1:9", ["127.0.0.1:9"]
    row = answered(client, zhou)
    at = timezone.now()
    services_wechat.deliver_due(at)
    row.refresh_from_db()
    assert (row.state, row.not_before) == ("waiting", at + services_wechat.DELAYS[0])


def test_notes_and_other_channels_go_nowhere(client: Client, account: WechatAccount, zhou: User) -> None:
    write(client)
    tickets.note(Ticket.objects.get(), text="内部", by=zhou, at=timezone.now())
    assert not WechatMessage.objects.exists()


def test_a_picture_is_fetched_and_lies_beside_the_case(
    client: Client, account: WechatAccount, wechat: Wechat, settings: Any, tmp_path: Any
) -> None:
    import io

    from PIL import Image

    settings.MEDIA_ROOT = tmp_path
    write(client)
    write(client, number="2", MsgType="image", MediaId="m1")
    drawn = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(drawn, "JPEG")
    wechat.answers = [{"errcode": -1, "errmsg": "busy"}, drawn.getvalue()]
    assert services_wechat.fetch_due(timezone.now()) == 0
    assert services_wechat.fetch_due(timezone.now() + timedelta(minutes=1)) == 1
    file = Ticket.objects.get().attachments.get()
    assert (file.media_type, file.message) == ("image/jpeg", Ticket.objects.get().messages.get())
    assert wechat.asked[-1][1]["media_id"] == ["m1"]


def test_a_video_is_fetched_from_where_wechat_says_it_lies(
    client: Client, account: WechatAccount, wechat: Wechat, settings: Any, tmp_path: Any
) -> None:
    """Of a video WeChat answers with an address; no token of ours goes there, and none inside our network is called (S-5)."""
    settings.MEDIA_ROOT = tmp_path
    write(client, MsgType="video", MediaId="v1")
    inside = [{"video_url": "http://169.254.169.254/latest/"}, {"video_url": "file:///etc/passwd"}, {"neither": "nor"}]
    wechat.answers = [*inside, {"video_url": f"{settings.WECHAT_API}/video/1"}, MP4]
    at = timezone.now()
    for _refused in inside:
        assert services_wechat.fetch_due(at) == 0
        at += timedelta(minutes=10)
    assert services_wechat.fetch_due(at) == 1
    assert Ticket.objects.get().attachments.get().media_type == "video/mp4"
    assert wechat.asked[-1][:2] == ("/video/1", {})


def test_an_administrator_puts_the_menu_into_wechat_and_is_told_when_it_is_refused(
    client: Client, account: WechatAccount, wechat: Wechat
) -> None:
    boss = User.objects.create(username="admin", name="管理员", roles=["admin"], is_staff=True, password="!")
    client.force_login(boss)
    address = reverse("admin:feedback_wechataccount_changelist")
    asked = {"action": "publish_menu", "_selected_action": account.pk}
    assert account.name in client.post(address, asked, follow=True).content.decode()
    path, _query, body = wechat.asked[-1]
    assert path == "/cgi-bin/menu/create"
    assert [one.get("key") for one in body["button"]] == ["feedback", "progress", None]
    assert body["button"][2]["url"].startswith("http")
    wechat.answers = [{"errcode": 48001, "errmsg": "api unauthorized"}]
    assert "48001" in client.post(address, asked, follow=True).content.decode()
