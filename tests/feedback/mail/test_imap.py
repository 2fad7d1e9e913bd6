"""Mailboxes read from a real IMAP server."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from imapclient import IMAPClient

from config import health
from feedback import tasks
from feedback.mail import raw_bytes, services_fetch
from feedback.mail import secrets as mail_secrets
from feedback.mail import services as services_mail
from feedback.models import Mailbox, RawMessage
from tests import mail_servers
from tests.feedback.mail.build import mail
from tests.memory import grown_while
from tickets.models import Ticket

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not mail_servers.DOVECOT, reason="Dovecot is not installed (dovecot-imapd)"),
]


@pytest.fixture
def home() -> Iterator[Path]:
    with mail_servers.folder() as home:
        yield home


@pytest.fixture
def box(home: Path, settings):
    with mail_servers.imap(home) as port:
        settings.OUTGOING_ALLOWED = [f"127.0.0.1:{port}"]
        yield Mailbox.objects.create(
            code="support", name="客服", address="support@demo.example", host="127.0.0.1", port=port, security="none",
            username="support", sealed_password=mail_secrets.sealed(mail_servers.PASSWORD),
        )  # fmt: skip


def some(count: int, first: int = 0) -> list[bytes]:
    return [
        mail(f"第{n}件：空调漏水。".encode(), head=f"Message-ID: <{n}@x.cn>", subject=f"s{n}")
        for n in range(first, first + count)
    ]


def unseen(box: Mailbox) -> int:
    with IMAPClient(box.host, box.port, ssl=False) as client:
        client.login("support", mail_servers.PASSWORD)
        client.select_folder("INBOX", readonly=True)
        return len(client.search("UNSEEN"))


def test_what_is_in_the_mailbox_becomes_cases_once(box: Mailbox, home: Path) -> None:
    mail_servers.deliver(home, "support", some(3))
    now = timezone.now()
    rows = services_fetch.fetch(box, at=now)
    assert [services_mail.process(pk, at=now).kind for pk in rows] == ["ticket"] * 3
    assert services_fetch.fetch(box, at=now) == []
    assert unseen(box) == 0
    box.refresh_from_db()
    assert (box.good_at, box.error, box.last_uid) == (now, "", 3)


def test_a_large_mail_takes_little_more_than_itself_in_memory(box: Mailbox, home: Path) -> None:
    def fetch(raw: bytes) -> float:
        mail_servers.deliver(home, "support", [raw])
        rows, grown = grown_while(lambda: services_fetch.fetch(box, at=timezone.now()))
        assert raw_bytes.of(rows[0]).replace(b"\r", b"") == raw
        return grown

    fetch(mail())
    assert fetch(mail(b"a line of a file\n" * 1_200_000)) < 40  # MB, for 20


def test_a_mail_that_somebody_read_before_us_is_taken_all_the_same(box: Mailbox, home: Path) -> None:
    services_fetch.fetch(box, at=timezone.now())
    mail_servers.deliver(home, "support", some(1))
    with IMAPClient(box.host, box.port, ssl=False) as client:
        client.login("support", mail_servers.PASSWORD)
        client.select_folder("INBOX")
        client.fetch(client.search("ALL"), ["BODY[]"])
    assert unseen(box) == 0
    assert len(services_fetch.fetch(box, at=timezone.now())) == 1


def test_the_old_mails_of_a_new_mailbox_stay_where_they_are(box: Mailbox, home: Path) -> None:
    mail_servers.deliver(home, "support", some(2))
    with IMAPClient(box.host, box.port, ssl=False) as client:
        client.login("support", mail_servers.PASSWORD)
        client.select_folder("INBOX")
        client.add_flags(client.search("ALL"), [b"\\Seen"])
    assert services_fetch.fetch(box, at=timezone.now()) == []


def test_a_server_that_numbers_its_mails_anew_brings_none_twice(box: Mailbox, home: Path) -> None:
    mail_servers.deliver(home, "support", some(3))
    assert len(services_fetch.fetch(box, at=timezone.now())) == 3
    Mailbox.objects.update(uidvalidity=1, last_uid=0)  # as after a restore of the server
    for row in RawMessage.objects.all():
        RawMessage.objects.filter(pk=row.pk).update(uid=f"1:{row.pk}")
    mail_servers.deliver(home, "support", some(1, first=3))
    assert len(services_fetch.fetch(box, at=timezone.now())) == 1
    assert RawMessage.objects.count() == 4


def test_a_mail_stored_but_not_yet_marked_is_not_stored_again(
    box: Mailbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_servers.deliver(home, "support", some(2))
    monkeypatch.setattr(IMAPClient, "add_flags", lambda *_a, **_k: (_ for _ in ()).throw(OSError("gone")))
    services_fetch.fetch(box, at=timezone.now())
    monkeypatch.undo()
    services_fetch.fetch(box, at=timezone.now())
    assert (RawMessage.objects.count(), unseen(box)) == (2, 0)


def test_one_that_is_too_large_is_named_and_stays_in_the_mailbox(
    box: Mailbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services_fetch, "LARGEST", 1000)
    mail_servers.deliver(home, "support", [mail(b"x" * 2000, subject="large"), *some(1)])
    services_fetch.fetch(box, at=timezone.now())
    row = RawMessage.objects.get(state="failed")
    assert b"Subject: large" in bytes(row.raw) and len(row.raw) < 1000
    assert RawMessage.objects.filter(state="received").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"username": "", "sealed_password": None}, {"folder": "Nowhere"}, {"port": 1}, {"host": "no.such.host.invalid"}],
)
def test_what_is_wrong_is_said_and_shown_as_not_well(box: Mailbox, wrong: dict) -> None:
    for name, value in wrong.items():
        setattr(box, name, value)
    box.save()
    now = timezone.now()
    assert services_fetch.fetch(box, at=now) == []
    box.refresh_from_db()
    assert box.error and box.checked_at == now and box.good_at is None
    assert mail_servers.PASSWORD not in box.error
    assert health.last_mail_run(now).ok
    assert not health.last_mail_run(now + timedelta(minutes=16)).ok


def test_a_wrong_password_is_told_for_what_it_is_with_what_to_do(client, zhou, box: Mailbox) -> None:
    box.sealed_password = mail_secrets.sealed("wrong")
    box.save()
    services_fetch.fetch(box, at=timezone.now())
    box.refresh_from_db()
    assert box.error == "LoginError: [AUTHENTICATIONFAILED] Authentication failed."
    client.force_login(zhou)
    page = client.get("/mailboxes/").content.decode()
    assert "登录被拒绝" in page and "授权码" in page and "无法连接" not in page


def test_a_good_run_is_shown_as_fresh_for_a_quarter_of_an_hour(box: Mailbox) -> None:
    now = timezone.now()
    services_fetch.fetch(box, at=now)
    assert health.last_mail_run(now + timedelta(minutes=14)).ok
    assert not health.last_mail_run(now + timedelta(minutes=16)).ok


def test_without_a_mailbox_to_fetch_nothing_is_unwell() -> None:
    Mailbox.objects.create(code="piped", name="x", address="a@b.cn")
    assert health.last_mail_run(timezone.now()).ok


def test_the_tasks_fetch_and_read(box: Mailbox, home: Path, settings) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    mail_servers.deliver(home, "support", some(2))
    rows = services_fetch.fetch(box, at=timezone.now())
    assert [tasks.read_mail(pk) for pk in rows] == ["ticket", "ticket"]
    assert Ticket.objects.count() == 2


def test_the_server_tells_at_once_when_something_comes(box: Mailbox, home: Path) -> None:
    with services_fetch.session(box) as client:
        services_fetch.take_new(box, client, at=timezone.now())
        postman = threading.Timer(1, mail_servers.deliver, [home, "support", some(1)])
        postman.start()
        assert services_fetch.follow(box, client, seconds=20)
        postman.join()
        assert len(services_fetch.take_new(box, client, at=timezone.now())) == 1


def test_a_password_cannot_be_read_at_rest(box: Mailbox) -> None:
    assert mail_servers.PASSWORD.encode() not in bytes(box.sealed_password or b"")
    assert mail_secrets.opened(box.sealed_password) == mail_servers.PASSWORD
    assert mail_secrets.opened(b"of another key") == ""
