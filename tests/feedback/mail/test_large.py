"""S-11: a mail of 25 MB, whatever it consists of, becomes a case within five seconds of computing, all included."""

import base64
import os
import time
from collections.abc import Callable
from functools import partial

import pytest
from django.core.cache import cache

from feedback.mail import services as services_mail
from feedback.models import Mailbox
from tests.feedback.mail.build import mail, several
from tests.make import NOON
from tests.memory import grown_while

pytestmark = pytest.mark.django_db
MB = 2**20
TEXT = b"Content-Type: text/plain; charset=utf-8\n\n" + "空调漏水".encode()


def file(number: int, size: int) -> bytes:
    head = b"Content-Type: application/pdf; name=a%d.pdf\nContent-Transfer-Encoding: base64\n\n" % number
    return head + base64.encodebytes(b"%PDF-1.4\n" + os.urandom(size))


MAILS = {
    "one file": lambda: several(TEXT, file(1, 18 * MB)),
    "a file and what a list adds": lambda: several(TEXT, file(1, 18 * MB) + b"___\nsome list: https://list.example\n"),
    "a thousand files": lambda: several(TEXT, *(file(n, 18 * 1024) for n in range(1000))),
    "Chinese words": lambda: mail("空调漏水，一直没修好。\n".encode() * (25 * MB // 34)),
    "other Chinese words": lambda: mail("".join(chr(0x4E00 + n % 20_000) for n in range(8 * MB)).encode()),
    "one line": lambda: mail(b"x" * (25 * MB)),
    "many words": lambda: mail(b"".join(b"%x " % n for n in range(3_500_000))),
    "quotations": lambda: mail(b"> a line of somebody's words\n" * (25 * MB // 29)),
    "HTML": lambda: several(b"Content-Type: text/html; charset=utf-8\n\n<html>" + b"<div>a <b>w</b></div>\n" * MB),
}


@pytest.mark.parametrize(
    "name", ["HTML", *(pytest.param(one, marks=pytest.mark.soak) for one in MAILS if one != "HTML")]
)
def test_it_is_taken_in_time(name: str, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    box = Mailbox.objects.create(code="support", name="客服", address="support@demo.example")
    raw = MAILS[name]()
    began = time.process_time()
    row, _new = services_mail.store(box, raw, received_at=NOON)
    outcome = services_mail.process(row.pk, at=NOON)
    took = time.process_time() - began
    print(f"{name}: {len(raw) / MB:.0f} MB, {took:.1f} s")
    assert outcome.kind == "ticket" and outcome.ticket and outcome.ticket.content
    assert took < 5


@pytest.mark.parametrize("name", ["one file", "a file and what a list adds", "a thousand files"])
def test_it_takes_at_most_four_times_its_size_in_memory(name: str, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    box = Mailbox.objects.create(code="support", name="客服", address="support@demo.example")

    def take(made: Callable[[], bytes]) -> float:
        """The most of storing and reading, the mail itself counted, in sizes of the mail."""
        raw = made()
        size = len(raw) / MB
        (row, _new), stored = grown_while(partial(services_mail.store, box, raw, received_at=NOON))
        del raw
        outcome, read = grown_while(partial(services_mail.process, row.pk, at=NOON))
        assert outcome.kind == "ticket"
        print(f"{name}: {size:.0f} MB, {size + stored:.0f} MB to store and {read:.0f} MB to read it")
        return max(size + stored, read) / size

    take(lambda: several(TEXT, file(0, 1000)))  # loads what a first mail loads
    assert take(MAILS[name]) < 4
