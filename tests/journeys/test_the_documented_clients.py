"""The examples of `docs/api.md` work as they stand there."""

import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from common import signatures
from feedback.models import Source
from notices import services_webhooks as webhooks
from notices.models import Webhook, WebhookDelivery
from tests.mail_servers import free_port
from tests.make import a_ticket
from tickets import services as tickets
from tickets.models import Ticket
from tickets.workflow import Nature

ROOT = Path(__file__).resolve().parents[2]


def example(language: str, heading: str) -> str:
    """The one example in a language under a heading."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    (part,) = [part for part in text.split("\n## ") if part.startswith(heading)]
    (found,) = re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)
    return str(found)


def outcome(command: list[str], address: str, **more: str) -> list[str]:
    surroundings = os.environ | {"HUISHENG": address, "PYTHONIOENCODING": "utf-8"} | more
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.django_db(transaction=True)
def test_the_python_client_hands_in_and_follows(live_server, tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(example("python", "Hand in and follow"), encoding="utf-8")
    number, status = outcome([sys.executable, str(tmp_path / "client.py")], live_server.url)
    ticket = Ticket.objects.get(number=number)
    assert (ticket.nature, ticket.customer.phone, status) == (Nature.COMPLAINT, "13800001234", "received")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_the_javascript_client_hands_in_and_follows(live_server, tmp_path: Path) -> None:
    (tmp_path / "client.mjs").write_text(example("javascript", "The same in JavaScript"), encoding="utf-8")
    number, status = outcome(["node", str(tmp_path / "client.mjs")], live_server.url)
    ticket = Ticket.objects.get(number=number)
    assert (ticket.nature, ticket.anonymous, status) == (Nature.SUGGESTION, True, "received")


@pytest.mark.django_db(transaction=True)
def test_the_signed_hook_hands_a_review_in_once(live_server, tmp_path: Path) -> None:
    mapping = {"content": "review.text", "rating": "review.stars", "name": "author.nick", "external_id": "review.id"}
    source = Source.objects.create(
        code="shop", name="商城", channel="review", mapping=mapping, created_at=timezone.now()
    )
    (tmp_path / "hook.py").write_text(example("python", "Handing in from another system"), encoding="utf-8")
    address = f"{live_server.url}/hooks/inbound/shop/"
    told = outcome(
        [sys.executable, str(tmp_path / "hook.py")], "", HUISHENG_HOOK=address, HUISHENG_SECRET=source.secret
    )
    assert told == ["ticket", "ticket"]  # the same answer to the same event
    ticket = Ticket.objects.get()
    assert (ticket.is_bad_review, ticket.customer.name, ticket.external_id) == (True, "晴天", "r-1")


def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def receiver(program: Path, port: int, secret: str) -> Iterator[subprocess.Popen]:
    here = {"PORT": str(port), "HUISHENG_SECRET": secret, "HUISHENG_EVENTS": str(program.with_name("events.db"))}
    with program.with_suffix(".log").open("ab") as said:
        process = subprocess.Popen([sys.executable, str(program)], env=os.environ | here, stdout=said, stderr=said)

    def listens() -> bool:
        assert process.poll() is None, program.with_suffix(".log").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(listens)
        yield process
    finally:
        process.kill()
        process.wait()


def posted(port: int, secret: str, event: str, body: bytes, at: datetime) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    link.request("POST", "/hook", body, signatures.headers_of(secret, message_id=event, at=at, body=body))
    return link.getresponse().status


@pytest.mark.django_db
def test_the_webhook_receiver_believes_what_is_signed_and_works_once_for_each_event(
    zhou: User, settings, tmp_path: Path
) -> None:
    port, program = free_port(), tmp_path / "receiver.py"
    program.write_text(example("python", "Being told"), encoding="utf-8")
    settings.OUTGOING_ALLOWED = [f"127.0.0.1:{port}"]
    now = timezone.now()
    hook = webhooks.create(owner=zhou, name="CRM", url=f"http://127.0.0.1:{port}/hook", events=["reply"], at=now)
    ticket = tickets.reply(a_ticket(at=now), text="明天上午上门。", by=zhou, at=now)

    def done() -> list[str]:
        return [line for line in program.with_suffix(".log").read_text().splitlines() if line.startswith("ticket.")]

    with receiver(program, port, hook.secret):
        assert webhooks.deliver_due(now) == 1
        until(lambda: done() == [f"ticket.reply {ticket.number}"])
        webhooks.replay(WebhookDelivery.objects.get(), at=now)
        assert webhooks.deliver_due(now) == 1  # taken again, and nothing is done again
        renewed = webhooks.renew_secret(Webhook.objects.get(), at=now)
        tickets.reply(ticket, text="师傅姓李。", by=zhou, at=now)
        assert webhooks.deliver_due(now) == 1  # signed by the old secret as well
        until(lambda: len(done()) == 2)
        body = json.dumps({"type": "ticket.reply", "data": {}}).encode()
        assert posted(port, renewed.secret, "forged", body, now) == 401
        assert posted(port, hook.secret, "stale", body, now - timedelta(minutes=6)) == 401
    with sqlite3.connect(tmp_path / "events.db") as rows:
        rows.execute("UPDATE event SET done = 0 WHERE rowid = 1")  # as when it was killed before it had done the work
    with receiver(program, port, hook.secret):
        until(lambda: len(done()) == 3)
    assert done()[2] == done()[0]
