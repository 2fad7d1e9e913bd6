"""Mail out and in over a real SMTP server: what leaves us is what another system gets."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.cache import cache

from feedback.mail import services as services_mail
from feedback.mail.message.reading import read
from feedback.models import Mailbox, RawMessage
from notices import services as notices
from notices.models import Notice
from tests.feedback.mail.build import mail
from tests.mail_servers import free_port
from tests.make import NOON

pytestmark = pytest.mark.django_db


class Post:
    """Keeps what it is given; refuses `nobody@…` as a server refuses who is not there, and `grey@…` the first time."""

    def __init__(self) -> None:
        self.given: list[Envelope] = []
        self.asked: set[str] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 No such user"
        if address.startswith("grey@") and address not in self.asked:
            self.asked.add(address)
            return "450 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.given.append(envelope)
        return "250 OK"


@pytest.fixture
def post(settings) -> Iterator[Post]:
    cache.clear()
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    try:
        yield handler
    finally:
        controller.stop()


@pytest.fixture
def box() -> Mailbox:
    return Mailbox.objects.create(code="support", name="客服", address="support@demo.example")


def take(raw: bytes, box: Mailbox, at=NOON) -> str:
    row, _new = services_mail.store(box, raw, received_at=at)
    return services_mail.process(row.pk, at=at).kind


def test_a_customer_writes_and_gets_one_mail_that_another_system_knows_for_a_machines(post: Post, box: Mailbox) -> None:
    assert take(mail(head="Message-ID: <1@example.cn>"), box) == "ticket"
    notices.deliver_due(NOON)
    (envelope,) = post.given
    assert envelope.rcpt_tos == ["wxm@example.cn"]
    got = read(envelope.content)
    assert (got.machine, got.sender.address, got.in_reply_to) == (
        "auto_submitted",
        "support@demo.example",
        ("1@example.cn",),
    )
    assert Notice.objects.get().message_id == f"<{got.message_id}>"
    assert "有答复" in got.text and "<p>" in got.html


def test_two_mailboxes_of_ours_write_to_each_other_and_stop_within_two_messages(post: Post, box: Mailbox) -> None:
    """A's acknowledgement reaches B's mailbox over SMTP, and what B would answer reaches A's: nobody answers."""
    theirs = Mailbox.objects.create(code="b", name="B", address="desk@b.example")
    take(mail(sender="desk@b.example", head="Message-ID: <b1@b.example>", subject="你好"), box)
    for turn in range(1, 6):
        notices.deliver_due(NOON + turn * timedelta(minutes=1))
        for envelope in post.given[turn - 1 :]:
            take(
                envelope.content,
                theirs if envelope.rcpt_tos == ["desk@b.example"] else box,
                NOON + turn * timedelta(minutes=1),
            )
    assert len(post.given) <= 2
    assert not Notice.objects.filter(state="waiting").exists()


def test_an_address_that_the_server_refuses_is_a_failure_not_a_loop(post: Post, box: Mailbox) -> None:
    take(mail(sender="nobody@example.cn"), box)
    for minute in range(3):
        notices.deliver_due(NOON + timedelta(minutes=minute))
    assert [(row.state, row.attempts) for row in Notice.objects.all()] == [("failed", 1)]
    assert post.given == []


def test_a_server_that_wants_to_be_asked_again_is_asked_again(post: Post, box: Mailbox) -> None:
    take(mail(sender="grey@example.cn", head="Message-ID: <g1@example.cn>"), box)
    take(mail(sender="wang@example.cn", head="Message-ID: <g2@example.cn>"), box)
    assert notices.deliver_due(NOON) == 1  # the others do not wait with it
    assert notices.deliver_due(NOON + timedelta(minutes=1)) == 1
    assert [envelope.rcpt_tos for envelope in post.given] == [["wang@example.cn"], ["grey@example.cn"]]


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: =?utf-8?Q?a=0D=0ABcc:_victim@x.cn?=\n",
        b"From: =?utf-8?Q?w=0D=0ABcc:_victim@x.cn?= <wxm@example.cn>\n",
        b"Message-ID: <a\r\n b@x.cn>\n",
        b"Message-ID: <a b\xe4\xbd\xa0@x.cn>\n",
        b"From: =?utf-8?Q?=00=E2=80=A8?= <wxm@example.cn>\n",
    ],
)
def test_line_breaks_in_what_we_got_never_become_headers_of_what_we_send(head: bytes, post: Post, box: Mailbox) -> None:
    take(head + mail(), box)
    notices.deliver_due(NOON)
    (envelope,) = post.given
    assert envelope.rcpt_tos == ["wxm@example.cn"]
    assert message_from_bytes(envelope.content)["Bcc"] is None
    assert Notice.objects.get().state == "sent"


def test_a_server_that_says_nothing_holds_no_worker(post: Post, box: Mailbox, settings: Any) -> None:
    assert settings.EMAIL_TIMEOUT == 30
    take(mail(), box)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent.getsockname()[1], 1
        assert notices.deliver_due(NOON) == 0
    assert [(row.state, row.unsure) for row in Notice.objects.all()] == [("waiting", 0)]


def test_a_second_copy_of_a_mail_of_ours_is_known_by_its_name(post: Post, box: Mailbox) -> None:
    take(mail(), box)
    notices.deliver_due(NOON)
    Notice.objects.update(state="waiting")  # as when the worker died before it wrote that down
    notices.deliver_due(NOON)
    first, second = (message_from_bytes(envelope.content)["Message-ID"] for envelope in post.given)
    assert first == second
    assert RawMessage.objects.count() == 1
