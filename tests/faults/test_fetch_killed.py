"""A mailbox of a thousand mails, and its fetcher killed with -9 ten times on the way: every mail exactly once."""

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
from feedback import mail_secrets, services_mail
from feedback.defaults import create_defaults
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
MAILS, KILLS = 1000, 10


def letters() -> list[bytes]:
    """The real mails where they lie beside the project, else some of our own, over and over, each marked as another."""
    found = [path.read_bytes() for path in sorted(DATA.rglob("*.eml"))] if DATA.is_dir() else []
    found = found or [
        mail(),
        mail(head="Precedence: bulk"),
        several(b"Content-Type: text/plain\n\nhi", b"Content-Type: image/png\n\nx"),
    ]
    return [b"X-Delivery: %d\r\n" % number + found[number % len(found)].lstrip() for number in range(MAILS)]


def fetcher() -> subprocess.Popen:
    command = [sys.executable, str(Path(ROOT) / "manage.py"), "fetch_mail", "--store-only"]
    return subprocess.Popen(
        command, env=surroundings(), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def wire(raw: bytes) -> bytes:
    """With the line ends that IMAP gives every mail."""
    return re.sub(rb"\r?\n", b"\r\n", bytes(raw))


def stored() -> int:
    return RawMessage.objects.filter(channel="email").count()


def test_a_thousand_mails_come_exactly_once_though_the_fetcher_is_killed_ten_times() -> None:
    create_defaults(timezone.now())
    chance = random.Random(20260105)
    raws = letters()
    with mail_servers.folder() as home, mail_servers.imap(home) as port:
        mail_servers.deliver(home, "support", raws)
        Mailbox.objects.create(
            code="support", name="客服", address="support@demo.example", host="127.0.0.1", port=port, security="none",
            username="support", sealed_password=mail_secrets.sealed(mail_servers.PASSWORD),
        )  # fmt: skip
        before, begun = [], time.monotonic()
        for kill in range(KILLS):
            process, wanted = fetcher(), stored() + chance.randrange(20, MAILS // KILLS)
            while stored() < wanted and process.poll() is None:
                assert time.monotonic() < begun + 600
                time.sleep(0.01)
            assert process.poll() is None, f"it ended by itself before kill {kill}"
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            before.append(stored())
        last = fetcher()
        assert last.wait(600) == 0
    print(f"stored before each kill: {before}; {time.monotonic() - begun:.0f} s")
    assert stored() == MAILS
    assert Counter(map(wire, RawMessage.objects.values_list("raw", flat=True))) == Counter(map(wire, raws))
    assert RawMessage.objects.values("uid").distinct().count() == MAILS

    now = timezone.now()
    outcomes = Counter(
        services_mail.process(pk, at=now).kind for pk in RawMessage.objects.order_by("pk").values_list("pk", flat=True)
    )
    again = Counter(services_mail.process(pk, at=now).kind for pk in RawMessage.objects.values_list("pk", flat=True))
    print(f"outcomes: {dict(outcomes)}")
    assert outcomes == again
    assert sum(outcomes.values()) == MAILS
    assert not RawMessage.objects.filter(state="received").exists()
    assert Ticket.objects.count() == outcomes["ticket"]
    assert not RawMessage.objects.filter(state="failed").exclude(reason="flood").exists()
    connection.close()
