"""S-6: two installations of ours write to each other over real SMTP and IMAP, and it ends by itself.

Each house is a process of its own with its own database, key, data directory and mailbox.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connection

from config import redis_urls
from tests import mail_servers
from tests.faults.sweepers import ROOT, surroundings
from tests.feedback.mail.build import mail

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.skipif(not mail_servers.DOVECOT, reason="Dovecot is not installed (dovecot-imapd)"),
]
A, B = "kefu@a.example", "service@b.example"
ROUNDS = 6
MARKS = ("Auto-Submitted", "X-Auto-Response-Suppress")
THREADS = ("In-Reply-To", "References")


class Post:
    """A mail server between the houses: lays each mail into its recipient's folder, without the headers of `drops`."""

    def __init__(self, home: Path) -> None:
        self.home, self.passed, self.drops = home, [], ()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        message = message_from_bytes(envelope.content or b"")
        for name in self.drops:
            del message[name]
        for address in envelope.rcpt_tos:
            self.passed.append((envelope.mail_from, address, str(message["Subject"])))
            mail_servers.deliver(self.home, address, [message.as_bytes()])
        return "250 OK"


class House:
    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process

    def do(self, line: str) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the house fell silent"
        return dict(json.loads(answer))


@contextmanager
def house(name: str, address: str, folder: Path, *, smtp: int, imap: int) -> Iterator[House]:
    database, number = f"house_{name}_{os.getpid()}", {"a": 14, "b": 15}[name]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    given = surroundings()
    here = {
        "DATABASE_URL": given["DATABASE_URL"].rpartition("/")[0] + f"/{database}",
        "CACHE_URL": redis_urls.with_database(settings.REDIS_URL, number),
        "HUISHENG_DATA": str(folder / name),
        "SECRET_KEY": f"of-house-{name}-" + "0123456789abcdef" * 4,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp}",
        "DEFAULT_FROM_EMAIL": address,
        "OUTGOING_ALLOWED": f"127.0.0.1:{imap}",
        "HOUSE_IMAP_PORT": str(imap),
        "HOUSE_IMAP_PASSWORD": mail_servers.PASSWORD,
        "LOG_LEVEL": "ERROR",
    }
    (folder / name).mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.house"],
        cwd=ROOT, env=given | here, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield House(process)
    finally:
        process.kill()
        process.wait()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {database}")  # waits for what goes on there; FORCE may not end an autovacuum


@pytest.fixture(scope="module")
def street(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[tuple[House, House, Post]]:
    """Two furnished houses with one post between them."""
    folder = tmp_path_factory.mktemp("houses")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        home = stack.enter_context(mail_servers.folder())
        imap = stack.enter_context(mail_servers.imap(home))
        for address in (A, B):
            mail_servers.deliver(home, address, [])
        post = Post(home)
        controller = Controller(post, hostname="127.0.0.1", port=mail_servers.free_port())
        controller.start()
        stack.callback(controller.stop)
        a = stack.enter_context(house("a", A, folder, smtp=controller.port, imap=imap))
        b = stack.enter_context(house("b", B, folder, smtp=controller.port, imap=imap))
        for one in (a, b):
            one.do("furnish")
        yield a, b, post


def rounds(a: House, b: House) -> list[dict[str, Any]]:
    """Both houses do their work in turns; every mail that one sends is read by the other in the next turn."""
    told = [one.do("turn") for _round in range(ROUNDS) for one in (a, b)]
    assert [turn["errors"] for turn in told] == [[]] * len(told)
    assert [one.do("state")["waiting"] for one in (a, b)] == [0, 0]
    assert [one.do("state")["failed"] for one in (a, b)] == [[], []]
    return told


def begin(post: Post, subject: str, *, drops: tuple[str, ...] = ()) -> None:
    """Somebody writes to A under B's address, as who types B's address into A's form does."""
    post.passed, post.drops = [], drops
    head = f"Message-ID: <{subject.encode().hex()}@elsewhere.example>"
    mail_servers.deliver(post.home, A, [mail(sender=f"客服 <{B}>", subject=subject, head=head)])


def test_two_houses_say_one_word_and_no_more(street: tuple[House, House, Post]) -> None:
    a, b, post = street
    before = len(b.do("state")["tickets"])
    begin(post, "空调漏水")
    told = rounds(a, b)
    assert ["ticket", ""] in told[0]["came"]
    assert [(sender, address) for sender, address, _subject in post.passed] == [(A, B)]
    assert ["ignored", "auto_submitted"] in told[1]["came"]  # kept, and found among what was left alone
    assert len(b.do("state")["tickets"]) == before


def test_what_a_colleague_writes_to_the_other_house_starts_nothing_either(street: tuple[House, House, Post]) -> None:
    a, b, post = street
    begin(post, "洗衣机噪音")
    rounds(a, b)
    number = a.do("state")["tickets"][-1][0]
    a.do(f"reply {number}")
    rounds(a, b)
    assert [(sender, address) for sender, address, _subject in post.passed] == [(A, B)] * 2  # receipt and answer


@pytest.mark.parametrize(
    ("subject", "drops", "most"),
    [("冰箱不制冷", MARKS, 2), ("电视 55 寸花屏", MARKS + THREADS, 4)],
    ids=["marks lost", "marks and threads lost"],
)
def test_though_the_way_takes_the_marks_off_it_ends(
    street: tuple[House, House, Post], subject: str, drops: tuple[str, ...], most: int
) -> None:
    """A gateway that strips `Auto-Submitted` makes each house take the other for a person: the caps end it."""
    a, b, post = street
    begin(post, subject, drops=drops)
    rounds(a, b)
    told = rounds(a, b)
    print([(sender, address, subject) for sender, address, subject in post.passed])
    assert 1 <= len(post.passed) <= most
    assert sum(turn["sent"] for turn in told) == 0
