"""A full mailbox, and its fetcher killed with -9 on the way: every mail exactly once. Ten times larger in `make faults`."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from config.message_ids import ROOT
from feedback.defaults import create_defaults
from feedback.mail import secrets as mail_secrets
from feedback.mail import services as services_mail
from feedback.models import Mailbox, RawMessage
from tests import mail_servers
from tests.faults.sweepers import surroundings
from tests.feedback.mail.build import mail, several
from tickets.models import Ticket

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.skipif(not mail_servers.DOVECOT, reason="Dovecot is not installed (dovecot-imapd)"),
]
DATA = ROOT.parent / "shared" / "data" / "emails"


def letters(count: int) -> list[bytes]:
    """The real mails where they lie beside the project, else some of our own, over and over, each marked as another."""
    found = [path.read_bytes() for path in sorted(DATA.rglob("*.eml"))] if DATA.is_dir() else []
    found = found or [
        mail(),
        mail(head="Precedence: bulk"),
        several(b"Content-Type: text/plain\n\nhi", b"Content-Type: image/png\n\nx"),
    ]
    return [b"X-Delivery: %d\r\n" % number + found[number % len(found)].lstrip() for number in range(count)]


def fetcher(port: int) -> subprocess.Popen:
    command = [sys.executable, str(Path(ROOT) / "manage.py"), "fetch_mail", "--store-only"]
    here = surroundings() | {"OUTGOING_ALLOWED": f"127.0.0.1:{port}"}
    return subprocess.Popen(
        command, env=here, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def wire(raw: bytes) -> bytes:
    """With the line ends that IMAP gives every mail."""
    return re.sub(rb"\r?\n", b"\r\n", bytes(raw))


def stored() -> int:
    return RawMessage.objects.filter(channel="email").count()


@pytest.mark.parametrize(("mails", "kills"), [(100, 3), pytest.param(1000, 10, marks=pytest.mark.soak)])
def test_every_mail_comes_exactly_once_though_the_fetcher_is_killed_on_the_way(mails: int, kills: int) -> None:
    create_defaults(timezone.now())
    chance = random.Random(20260105)
    raws = letters(mails)
    with mail_servers.folder() as home, mail_servers.imap(home) as port:
        mail_servers.deliver(home, "support", raws)
        Mailbox.objects.create(
            code="support", name="客服", address="support@demo.example", host="127.0.0.1", port=port, security="none",
            username="support", sealed_password=mail_secrets.sealed(mail_servers.PASSWORD),
        )  # fmt: skip
        before, begun = [], time.monotonic()
        for kill in range(kills):
            process, wanted = fetcher(port), stored() + chance.randrange(10, mails // kills)
            while stored() < wanted and process.poll() is None:
                assert time.monotonic() < begun + 600
                time.sleep(0.01)
            assert process.poll() is None, f"it ended by itself before kill {kill}"
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            before.append(stored())
        last = fetcher(port)
        assert last.wait(600) == 0
    print(f"stored before each kill: {before}; {time.monotonic() - begun:.0f} s")
    assert stored() == mails
    assert Counter(map(wire, RawMessage.objects.values_list("raw", flat=True))) == Counter(map(wire, raws))
    assert RawMessage.objects.values("uid").distinct().count() == mails

    now = timezone.now()
    outcomes = Counter(
        services_mail.process(pk, at=now).kind for pk in RawMessage.objects.order_by("pk").values_list("pk", flat=True)
    )
    again = Counter(services_mail.process(pk, at=now).kind for pk in RawMessage.objects.values_list("pk", flat=True))
    print(f"outcomes: {dict(outcomes)}")
    assert outcomes == again
    assert sum(outcomes.values()) == mails
    assert not RawMessage.objects.filter(state="received").exists()
    assert Ticket.objects.count() == outcomes["ticket"]
    assert not RawMessage.objects.filter(state="failed").exclude(reason="flood").exists()
    connection.close()
