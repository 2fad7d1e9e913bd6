"""S-5: the name of a mail server, typed by an administrator, leads our server nowhere else."""

import socket
from typing import Any

import pytest
from django.utils import timezone

from feedback.mail import servers, services_fetch
from feedback.mail.forms import MailboxForm
from feedback.models import Mailbox
from notices import outgoing

pytestmark = pytest.mark.django_db

INSIDE = [
    "169.254.169.254", "2852039166", "0xa9fea9fe", "::ffff:169.254.169.254", "0.0.0.0", "fe80::1", "127.0.0.1", "127.1",
    "localhost", "::1", "10.0.0.5", "172.16.0.1", "192.168.1.10", "100.100.100.200", "fd00:ec2::254", "64:ff9b::7f00:1",
]  # fmt: skip


def saved(host: str, port: int = 993) -> Mailbox:
    return Mailbox.objects.create(code="odd", name="怪", address="odd@demo.example", host=host, port=port)


def fetched(host: str, port: int = 993) -> str:
    box = saved(host, port)
    assert services_fetch.fetch(box, at=timezone.now()) == []
    box.refresh_from_db()
    return box.error


def form(host: str, port: int = 993) -> MailboxForm:
    fields = {
        "code": "c",
        "name": "投诉",
        "address": "c@demo.example",
        "security": "tls",
        "username": "c",
        "folder": "INBOX",
    }
    return MailboxForm(fields | {"host": host, "port": port, "password": "x"})


@pytest.mark.parametrize("host", INSIDE)
def test_no_connection_is_made_into_the_own_network(host: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(servers, "_Pinned", lambda *_args, **_options: pytest.fail("connected"))
    assert "OUTGOING_ALLOWED" in fetched(host)


@pytest.mark.parametrize("host", INSIDE)
def test_it_is_refused_when_it_is_saved_too(host: str) -> None:
    assert "OUTGOING_ALLOWED" in str(form(host).errors["host"])


@pytest.mark.parametrize(
    "host", ["a b", "imap.example@127.0.0.1", "http://imap.example", "imap.example/x", "a\\b", "a%31", "#"]
)
def test_what_is_no_host_is_refused(host: str) -> None:
    assert form(host).errors["host"]


@pytest.mark.parametrize("port", [22, 25, 80, 5432, 6379])
def test_only_the_ports_of_mail(port: int) -> None:
    assert "143" in str(form("8.8.8.8", port).errors["host"])


def test_what_the_settings_name_is_inside_and_welcome(settings: Any) -> None:
    settings.OUTGOING_ALLOWED = ["127.0.0.1:1143"]
    assert servers.check("127.0.0.1", 1143) == "127.0.0.1"
    assert "host" not in form("127.0.0.1", 1143).errors
    with pytest.raises(outgoing.AddressRefused):
        servers.check("127.0.0.1", 993)


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_the_connection_goes_to_the_address_that_was_checked(security: str, monkeypatch: Any) -> None:
    """The name is asked for once: what it means a moment later changes nothing."""
    asked: list[str] = []
    went: list[Any] = []

    def getaddrinfo(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34" if len(asked) == 1 else "10.0.0.1", port))]

    def connect(address: Any, *_args: Any, **_options: Any) -> Any:
        went.append(address)
        raise OSError("nobody there")

    box = saved("rebinding.example")
    Mailbox.objects.update(security=security)
    box.refresh_from_db()
    monkeypatch.setattr("notices.outgoing.socket.getaddrinfo", getaddrinfo)
    monkeypatch.setattr("feedback.mail.servers.socket.create_connection", connect)
    with pytest.raises(OSError, match="nobody there"):
        servers.connect(box)
    assert (asked, went) == (["rebinding.example"], [("93.184.216.34", 993)])
