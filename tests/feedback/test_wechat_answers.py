"""WeChat: what leaves for who wrote there, what is fetched from there, and what WeChat says no to."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from feedback.models import WechatAccount, WechatContact, WechatMessage
from feedback.wechat import services as services_wechat
from notices.models import Notice
from tests.feedback.test_wechat import an_account, write
from tests.receiver import served
from tickets import services as tickets
from tickets.models import Ticket

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(100)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db: None) -> WechatAccount:
    return an_account()


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
    place = f"127.0.0.1:{server.server_address[1]}"
    settings.OUTGOING_ALLOWED, settings.WECHAT_API = [place], f"http://{place}"
    with served(server):
        yield state


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
    page = client.get(f"/tickets/{Ticket.objects.get().number}/").content.decode()
    assert "微信已不可送达" in page and "<bdi>明天上午师傅上门。</bdi>" in page


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
