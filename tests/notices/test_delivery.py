"""How a message leaves: in one worker's hands, outside any transaction, and never in a loop (R-6 FI-9)."""

import smtplib
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from notices import services
from notices.models import Notice
from tests.make import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=9)


class Server(BaseEmailBackend):
    """Takes mails; `before` and `after` happen around the taking, `closed` is what opening it raises."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[EmailMessage] = []
        self.opened = 0
        self.closed: Exception | None = None
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None

    def open(self) -> None:
        self.opened += 1
        if self.closed:
            raise self.closed

    def send_messages(self, mails: list[EmailMessage]) -> int:
        self.before()
        self.got += mails
        self.after()
        return len(mails)


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    one = Server()
    monkeypatch.setattr(services, "get_connection", lambda: one)
    yield one


def put(key: str = "k", kind: str = "replied") -> Notice:
    context = {"text": "师傅今天下午上门。", "url": "https://x.example/t/1"}
    services.add(services.to_address(f"{key}@example.com", kind, key=key, at=NOON, topic="Q1", context=context))
    return Notice.objects.get(key=key)


def raising(error: BaseException) -> Callable[[], None]:
    def raises() -> None:
        raise error

    return raises


def test_the_server_is_left_alone_when_nothing_is_due(server):
    assert services.deliver_due(NOON) == 0
    assert server.opened == 0


def test_a_worker_killed_after_sending_sends_one_copy_more_under_the_same_name_and_then_never_again(server):
    row = put()
    server.after = raising(SystemExit())
    for hours in (0, 1, 2, 3):
        at = NOON + timedelta(hours=hours)
        if hours < 2:
            with pytest.raises(SystemExit):
                services.deliver_due(at)
        else:
            assert services.deliver_due(at) == 0
    assert len(server.got) == 2
    assert len({mail.extra_headers["Message-ID"] for mail in server.got}) == 1
    row.refresh_from_db()
    assert row.state == "failed"
    assert "it may have arrived" in row.error


def test_what_a_killed_worker_held_goes_out_two_minutes_later(server):
    row = put()
    server.before = raising(SystemExit())
    with pytest.raises(SystemExit):
        services.deliver_due(NOON)
    server.before = lambda: None
    assert services.deliver_due(NOON + timedelta(seconds=119)) == 0
    assert services.deliver_due(NOON + timedelta(seconds=121)) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.unsure, row.claimed_until) == ("sent", 2, 0, None)


def test_a_server_that_falls_silent_while_it_takes_a_mail_gets_it_once_more(server):
    row = put()
    server.after = raising(TimeoutError("timed out"))
    for hours in range(5):
        assert services.deliver_due(NOON + timedelta(hours=hours)) == 0
    assert len(server.got) == 2
    row.refresh_from_db()
    assert row.state == "failed"


@pytest.mark.parametrize("closed", [ConnectionRefusedError("refused"), TimeoutError("timed out")])
def test_a_server_that_is_away_for_three_hours_loses_nothing(server, closed):
    put("one"), put("two")
    server.closed = closed
    for minutes in range(0, 180, 5):
        services.deliver_due(NOON + timedelta(minutes=minutes))
    server.closed = None
    assert services.deliver_due(LATER) == 2
    assert set(Notice.objects.values_list("state", "unsure", "error")) == {("sent", 0, "")}


def test_a_refusal_in_the_middle_is_an_answer_and_does_not_count_as_unsure(server):
    row = put()
    server.before = raising(smtplib.SMTPDataError(451, b"later"))
    for hours in range(4):
        services.deliver_due(NOON + timedelta(hours=hours))
    row.refresh_from_db()
    assert (row.state, row.attempts, row.unsure) == ("waiting", 4, 0)


def test_one_that_cannot_be_worded_holds_nobody_up(server):
    bad = put("bad", kind="no_such_words")
    put("good")
    assert services.deliver_due(NOON) == 1
    bad.refresh_from_db()
    assert (bad.state, bad.attempts, bad.unsure) == ("waiting", 1, 0)
    assert "no_such_words" in bad.error


def test_while_one_worker_sends_another_leaves_the_way_to_it(server):
    put("one"), put("two")
    told: list[int] = []
    server.before = lambda: told.append(services.deliver_due(NOON + timedelta(seconds=4)))
    assert services.deliver_due(NOON) == 2
    assert told == [0, 0]
    assert len(server.got) == 2


def test_taken_back_while_it_leaves_it_counts_as_sent(server):
    row = put()
    server.before = lambda: services.cancel("Q1", "replied") and None
    assert services.deliver_due(NOON) == 1
    row.refresh_from_db()
    assert row.state == "sent"


def test_taken_back_while_a_try_fails_it_stays_taken_back(server):
    row = put()

    def before() -> None:
        services.cancel("Q1", "replied")
        raise smtplib.SMTPServerDisconnected("gone")

    server.before = before
    services.deliver_due(NOON)
    assert services.deliver_due(LATER) == 0
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_a_report_that_is_quicker_than_we_are_is_not_lost(server):
    row = put()
    server.after = lambda: services.returned(
        server.got[0].extra_headers["Message-ID"].strip("<>"), failed=True, detail="550 nobody", at=NOON
    ) and None  # fmt: skip
    services.deliver_due(NOON)
    row.refresh_from_db()
    assert (row.state, row.returned) == ("failed", "550 nobody")


def test_a_claim_that_ran_out_and_was_taken_over_is_not_undone_by_its_first_holder(server):
    row = put()

    def before() -> None:
        server.before = lambda: None
        assert services.deliver_due(NOON + timedelta(minutes=3)) == 1
        raise smtplib.SMTPServerDisconnected("gone")

    server.before = before
    services.deliver_due(NOON)
    row.refresh_from_db()
    assert row.state == "sent"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_a_slow_server_takes_its_time(server):
    row = put()
    seen: list[object] = []

    def elsewhere() -> None:
        try:
            with transaction.atomic():
                held = Notice.objects.select_for_update(nowait=True).get(pk=row.pk)
                seen.append(held.attempts)
        except Exception as error:
            seen.append(error)
        finally:
            connection.close()

    def before() -> None:
        seen.append(connection.in_atomic_block)
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join(20)

    server.before = before
    assert services.deliver_due(NOON) == 1
    assert seen == [False, 1]


def test_a_claim_reads_a_row_or_two_however_many_wait():
    """A way that is shut for a day leaves thousands; each claim would else look at all of them."""
    Notice.objects.bulk_create(
        Notice(key=f"{way}-{n}", kind="replied", channel=way, address="a@example.com", created_at=NOON, not_before=NOON)
        for way in ("sms", "email")
        for n in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notices_notice")
    for rows, index in (
        (Notice.objects.under_way(NOON, channel="email")[:1], "notice_claimed"),
        (Notice.objects.due(NOON, channel="email")[:1], "notice_due"),
    ):
        plan = rows.explain(analyze=True)
        assert index in plan, plan
        assert "Rows Removed" not in plan, plan
