"""`receive_email`, as a mail server pipes it."""

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from feedback.models import Mailbox, RawMessage
from tests.feedback.mail.build import mail, several
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
KEYS = {
    "outcome", "number", "thread_token_used", "from", "to", "subject", "text", "reply_text", "attachments", "machine",
    "charset_warning", "message_id", "reason",
}  # fmt: skip


@pytest.fixture
def support() -> Mailbox:
    return Mailbox.objects.create(code="support", name="客服", address="support@demo.example")


def run(monkeypatch: pytest.MonkeyPatch, raw: bytes, *arguments: str) -> list[dict[str, Any]]:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    out = io.StringIO()
    call_command("receive_email", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_mail_becomes_a_ticket(monkeypatch: pytest.MonkeyPatch, support: Mailbox) -> None:
    (line,) = run(monkeypatch, mail(), "--mailbox", "support")
    ticket = Ticket.objects.get()
    assert set(line) == KEYS
    assert (line["outcome"], line["number"]) == ("ticket", ticket.number)
    assert (ticket.channel, ticket.subject, ticket.content) == ("email", "空调", "你好，空调漏水。")
    assert ticket.customer and (ticket.customer.name, ticket.customer.email) == ("王小明", "wxm@example.cn")
    row = RawMessage.objects.get()
    assert (bytes(row.raw), row.ticket, row.state, row.outcome) == (mail(), ticket, "done", "ticket")


def test_the_same_mail_twice_is_one_ticket(monkeypatch: pytest.MonkeyPatch, support: Mailbox) -> None:
    first, second = (run(monkeypatch, mail(), "--mailbox", "support")[0] for _ in range(2))
    assert first["number"] == second["number"]
    assert Ticket.objects.count() == 1


def test_a_dry_run_prints_the_same_and_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = several(b"Content-Type: text/plain\n\nhello", b"Content-Type: image/png; name=a.png\n\nabc")
    (line,) = run(monkeypatch, raw, "--dry-run")
    assert set(line) == KEYS
    assert line["outcome"] == "ticket" and line["number"] is None
    assert line["attachments"] == [
        {
            "name": "a.png",
            "media_type": "image/png",
            "size": 3,
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        }
    ]
    assert not RawMessage.objects.exists() and not Ticket.objects.exists()


def test_a_batch_prints_a_line_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("b.eml", "a.eml"):
        (tmp_path / name).write_bytes(mail())
    lines = run(monkeypatch, b"", "--dry-run", "--batch", str(tmp_path))
    assert [line["file"] for line in lines] == ["a.eml", "b.eml"]


def test_a_machines_mail_opens_nothing(monkeypatch: pytest.MonkeyPatch, support: Mailbox) -> None:
    (line,) = run(monkeypatch, mail(head="Auto-Submitted: auto-replied"), "--mailbox", "support")
    assert (line["outcome"], line["machine"], line["reason"]) == ("ignored", True, "auto_submitted")
    assert not Ticket.objects.exists()
    assert RawMessage.objects.get().state == "ignored"


def test_a_mail_without_any_words_is_a_ticket_all_the_same(monkeypatch: pytest.MonkeyPatch, support: Mailbox) -> None:
    assert run(monkeypatch, b"From: w@x.cn\n\n", "--mailbox", "support")[0]["outcome"] == "ticket"
    assert Ticket.objects.get().content


def test_an_unreadable_mail_is_kept_and_said(monkeypatch: pytest.MonkeyPatch, support: Mailbox) -> None:
    raw = b"Subject: x\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000)
    )
    (line,) = run(monkeypatch, raw, "--mailbox", "support")
    assert (line["outcome"], line["reason"]) == ("failed", "too deep")
    assert bytes(RawMessage.objects.get(state="failed").raw) == raw


def test_an_unknown_mailbox_is_named(monkeypatch: pytest.MonkeyPatch, support: Mailbox) -> None:
    with pytest.raises(CommandError, match="support"):
        run(monkeypatch, mail(), "--mailbox", "nowhere")


def test_a_file_that_is_not_taken_is_named_beside_the_case(monkeypatch: pytest.MonkeyPatch, support: Mailbox) -> None:
    raw = several(
        "Content-Type: text/plain; charset=utf-8\n\n资料见附件。".encode(),
        b"Content-Type: application/zip; name=proof.zip\n\nPK\x03\x04zip",
        b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\n0\x82\x01\xff\x06\x09",
        b"Content-Type: text/plain; name=words.txt\n\nwords",
    )
    run(monkeypatch, raw, "--mailbox", "support")
    ticket = Ticket.objects.get()
    assert [row.name for row in ticket.attachments.all()] == ["words.txt"]
    note = ticket.messages.get()
    assert note.direction == "internal" and "proof.zip" in note.text and "smime" not in note.text
