"""A mail finds its case, and nobody finds another's (S-6)."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.utils import translation

from accounts.models import User
from feedback.mail import caps as mail_caps
from feedback.mail import services as services_mail
from feedback.mail import wording as mail_words
from feedback.mail.message.reading import read
from feedback.mail.services_act import Outcome
from feedback.models import Mailbox, RawMessage
from notices import services as notices
from notices import threads
from notices.models import Notice
from tests.feedback.mail.build import mail, several
from tests.make import NOON
from tickets import services as tickets
from tickets.models import Message, Ticket
from tickets.workflow import Status

pytestmark = pytest.mark.django_db
CUSTOMER, STRANGER = "王小明 <wxm@example.cn>", "Other <other@else.example>"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def support() -> Mailbox:
    cache.clear()  # what one address was sent this hour
    return Mailbox.objects.create(code="support", name="客服", address="support@demo.example")


def take(raw: bytes, at=NOON) -> Outcome:
    row, _new = services_mail.store(Mailbox.objects.get(), raw, received_at=at)
    return services_mail.process(row.pk, at=at)


def opened() -> Ticket:
    ticket = take(mail(head="Message-ID: <first@example.cn>")).ticket
    assert ticket
    return ticket


def sent() -> list:
    """What goes out, as bytes on the wire and read again."""
    notices.deliver_due(NOON + timedelta(hours=2))
    return [message_from_bytes(one.message().as_bytes()) for one in outbox.outbox]


def reply(head: str, body: str = "还是漏水。", sender: str = CUSTOMER, subject: str = "Re: 空调") -> bytes:
    return mail(body.encode(), head=head, sender=sender, subject=subject)


def test_our_mail_carries_a_signed_reference_and_says_that_a_machine_wrote_it() -> None:
    ticket = opened()
    (ours,) = sent()
    assert ours["Auto-Submitted"] == "auto-generated"
    assert ours["X-Auto-Response-Suppress"] == "All"
    assert ours["In-Reply-To"] == "<first@example.cn>"
    assert ours["Reply-To"] == "support@demo.example"
    ((topic, token),) = threads.references(ours["Message-ID"])
    assert (topic, threads.is_signed(topic, token, "wxm@example.cn")) == (ticket.number, True)
    assert not threads.is_signed(topic, token, "other@else.example")
    plain, page = (part.get_payload(decode=True).decode() for part in ours.get_payload())
    assert f"[{topic}.{token}]" in plain
    assert ours.get_payload()[1].get_content_type() == "text/html" and token in page


def test_words_of_a_customer_are_words_in_the_page_of_our_mail() -> None:
    notices.add(
        notices.to_address(
            "a@b.cn", "replied", key="x", at=NOON, context={"text": "<script>alert(1)</script>", "url": "http://x/"}
        )
    )
    page = sent()[0].get_payload()[1].get_payload(decode=True).decode()
    assert "<script>" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("place", ["References", "In-Reply-To", "To", "body"])
def test_an_answer_finds_its_case_by_our_reference(place: str, settings) -> None:
    settings.MAIL_REPLY_TAGS = True
    ticket = opened()
    (ours,) = sent()
    head, body = "", "还是漏水。"
    if place == "To":
        assert ours["Reply-To"].startswith("support+")
        head = f"Delivered-To: {ours['Reply-To'].lower()}"
    elif place == "body":
        body += f'\n\n在 2026-01-05 09:30:12，"客服" <s@x.cn> 写道：\n> [{threads.reference(ticket.number or "", "wxm@example.cn")}]'
    else:
        head = f"{place}: <some@where> {ours['Message-ID']}"
    outcome = take(reply(head, body))
    assert (outcome.kind, outcome.ticket, outcome.token_used) == ("reply", ticket, True)
    assert ticket.messages.get(direction="in").text == "还是漏水。"


def test_an_answer_finds_its_case_by_the_customers_own_first_mail() -> None:
    ticket = opened()
    outcome = take(reply("References: <first@example.cn>"))
    assert (outcome.kind, outcome.ticket, outcome.token_used) == ("reply", ticket, False)


def test_a_number_in_the_subject_counts_for_the_customer_only() -> None:
    ticket = opened()
    assert take(reply("", subject=f"答复: [{ticket.number}] 结果")).ticket == ticket
    outcome = take(reply("", subject=f"答复: [{ticket.number}] 结果", sender=STRANGER))
    assert outcome.kind == "ticket" and outcome.ticket != ticket
    assert take(reply("References: <first@example.cn>", sender=STRANGER)).ticket != ticket


def test_the_same_subject_alone_is_a_new_matter() -> None:
    ticket = opened()
    assert take(reply("Message-ID: <2@example.cn>")).ticket != ticket


def test_the_reference_in_a_strangers_hand_reads_and_moves_nothing() -> None:
    ticket = opened()
    (ours,) = sent()
    before = Notice.objects.count()
    outcome = take(reply(f"In-Reply-To: {ours['Message-ID']}", sender=STRANGER))
    assert (outcome.kind, outcome.ticket, outcome.reason) == ("note", ticket, "stranger")
    message = ticket.messages.get()
    assert message.direction == Message.Direction.INTERNAL and "other@else.example" in message.text
    ticket.refresh_from_db()
    assert ticket.status == Status.NEW
    assert Notice.objects.count() == before  # nothing goes to the stranger


def test_a_forged_reference_is_none() -> None:
    ticket = opened()
    assert (
        take(reply(f"In-Reply-To: <{ticket.number}.aaaaaaaaaaaaaaaa.1.1@demo.example>", sender=STRANGER)).kind
        == "ticket"
    )
    other = threads.reference("Q20200101-000001", "other@else.example")
    assert take(reply(f"References: <{other}.1.1@demo.example>", sender=STRANGER, body="x" * 20)).kind == "ticket"


def test_a_mail_under_a_colleagues_name_never_speaks_to_the_customer() -> None:
    ticket = opened()
    User.objects.create(username="luo", name="罗", email="luo@demo.example")
    (ours,) = sent()
    outcome = take(reply(f"In-Reply-To: {ours['Message-ID']}", sender="罗 <luo@demo.example>"))
    assert (outcome.kind, outcome.reason) == ("note", "colleague")
    assert not ticket.messages.exclude(direction=Message.Direction.INTERNAL).exists()


def test_a_sender_whom_their_own_domain_denies_is_not_the_customer() -> None:
    ticket = opened()
    (ours,) = sent()
    forged = f"Authentication-Results: mx.demo.example; dmarc=fail\nIn-Reply-To: {ours['Message-ID']}"
    assert take(reply(forged)).kind == "note"
    assert (
        take(reply("Authentication-Results: mx; dmarc=fail\nReferences: <first@example.cn>", body="另一封")).ticket
        != ticket
    )


def test_a_machines_answer_is_noted_and_reopens_nothing(lin: User) -> None:
    ticket = opened()
    tickets.reply(ticket, text="已修好。", by=lin, at=NOON + MINUTE)
    tickets.resolve(ticket, by=lin, at=NOON + 2 * MINUTE)
    ours = sent()[0]
    outcome = take(
        reply(f"Auto-Submitted: auto-replied\nIn-Reply-To: {ours['Message-ID']}", "我在休假。"), NOON + 3 * MINUTE
    )
    ticket.refresh_from_db()
    assert (outcome.kind, outcome.ticket, ticket.status) == ("note", ticket, Status.RESOLVED)


def test_the_answer_of_a_customers_calendar_is_noted_and_reopens_nothing(lin: User) -> None:
    ticket = opened()
    tickets.reply(ticket, text="周一上门，请见邀请。", by=lin, at=NOON + MINUTE)
    tickets.resolve(ticket, by=lin, at=NOON + 2 * MINUTE)
    ours = sent()[0]
    part = b"Content-Type: text/calendar; method=REPLY\n\n"
    part += b"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:Visit\nEND:VEVENT\nEND:VCALENDAR"
    raw = several(part, head=f"In-Reply-To: {ours['Message-ID']}\n", subject="已接受: 上门维修")
    outcome = take(raw, NOON + 3 * MINUTE)
    ticket.refresh_from_db()
    assert (outcome.kind, outcome.ticket, ticket.status) == ("note", ticket, Status.RESOLVED)
    note = ticket.messages.filter(direction=Message.Direction.INTERNAL).latest("pk")
    assert note.text == "wxm@example.cn 的日程应答了邀请：已接受: 上门维修\n\nVisit"


def test_an_answer_reopens_a_resolved_case_three_times_an_hour_at_most(zhou: User) -> None:
    ticket = opened()
    kinds = []
    for turn in range(5):
        at = NOON + (turn + 1) * MINUTE
        Ticket.objects.filter(pk=ticket.pk).update(status=Status.RESOLVED, resolved_at=at)
        outcome = take(reply("References: <first@example.cn>", f"第{turn}次，还是漏水。"), at)
        ticket.refresh_from_db()
        kinds.append((ticket.status != Status.RESOLVED, outcome.reason))
    assert kinds == [(True, "")] * 3 + [(False, "too_many_reopenings")] * 2


def test_an_answer_to_an_archived_case_opens_a_linked_one() -> None:
    ticket = opened()
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED, closed_at=NOON)
    outcome = take(reply("References: <first@example.cn>"))
    assert outcome.kind == "ticket" and outcome.ticket and outcome.ticket.parent == ticket


def test_an_answer_to_a_merged_case_goes_to_the_one_that_lives() -> None:
    ticket, survivor = opened(), take(mail(b"another", subject="second", head="Message-ID: <2@x>")).ticket
    assert survivor
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=survivor, status=Status.VOID, void_reason="merged")
    assert take(reply("References: <first@example.cn>")).ticket == survivor


def test_our_own_mail_that_comes_back_is_left_alone() -> None:
    opened()
    (ours,) = sent()
    raw = mail(head=f"Message-ID: {ours['Message-ID']}", sender="x <someone@else.example>")
    assert (take(raw).kind, take(mail(sender="support@demo.example", body=b"loop")).kind) == ("ignored", "ignored")


def test_two_help_desks_stop_within_two_messages() -> None:
    """Ours and one like it: what ours sends is a machine's mail to the other, and the other way round."""
    opened()
    (ours,) = sent()
    assert read(ours.as_bytes()).machine
    theirs = mail(head=f"Auto-Submitted: auto-generated\nIn-Reply-To: {ours['Message-ID']}", sender="desk@else.example")
    assert take(theirs).kind != "ticket"
    assert len(sent()) == 1


def test_a_help_desk_that_hides_what_it_is_gets_two_answers_and_no_third() -> None:
    answers = []
    for turn in range(6):
        raw = mail(
            f"We received your mail, our number is {turn}.".encode(),
            head=f"Message-ID: <{turn}@else.example>",
            sender="desk@else.example",
            subject=f"We received your mail [#{turn}00{turn}]",
        )
        take(raw, NOON + turn * MINUTE)
        answers.append(Notice.objects.filter(address="desk@else.example").count())
    assert answers == [1, 2, 2, 2, 2, 2]


def test_a_number_in_a_subject_makes_no_new_subject() -> None:
    """Another help desk's own number, written in whatever way, is not another matter."""
    assert (
        len({mail_caps.likeness(f"Received: your request No. {n}, ticket [T{n}] 工单{n}号") for n in (7, 12, 305)}) == 1
    )
    assert mail_caps.likeness("Word and deed 1") == "wordanddeed"


def test_ten_answers_in_three_hours_are_enough_for_one_address() -> None:
    for turn in range(14):
        subject = "".join(chr(ord("a") + turn) for _ in range(5))
        take(
            mail(f"mail {turn} about another matter".encode(), head=f"Message-ID: <{turn}@x>", subject=subject),
            NOON + turn * MINUTE,
        )
    assert Notice.objects.filter(kind="received").count() == 10
    assert Ticket.objects.count() == 14
    later = NOON + timedelta(hours=4)
    take(mail(b"much later", head="Message-ID: <late@x>", subject="late"), later)
    assert Notice.objects.filter(kind="received").count() == 11


def test_more_than_twenty_cases_an_hour_from_one_address_wait_for_a_person(zhou: User) -> None:
    outcomes = [
        take(mail(f"number {turn}".encode(), head=f"Message-ID: <{turn}@x>", subject=f"s{turn}")) for turn in range(22)
    ]
    assert [outcome.reason for outcome in outcomes[20:]] == ["flood", "flood"]
    assert Ticket.objects.count() == mail_caps.TICKETS
    assert RawMessage.objects.filter(state="failed").count() == 2
    assert Notice.objects.filter(kind="mail_flood", user=zhou).count() == 1
    waiting = RawMessage.objects.filter(state="failed").first()
    assert waiting and services_mail.retry(waiting, at=NOON, by_hand=True).kind == "ticket"


def bounce(message_id: str, action: str = "failed") -> bytes:
    return several(
        b"Content-Type: text/plain\n\nnot delivered",
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; wxm@example.cn\n"
        b"Action: " + action.encode() + b"\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 No such user",
        b"Content-Type: message/rfc822\n\nMessage-ID: " + message_id.encode() + b"\n\nwords",
        kind="report; report-type=delivery-status",
        head="Return-Path: <>\n",
    )


def test_a_bounce_is_put_to_its_mail_and_told(chen: User) -> None:
    ticket = opened()
    Ticket.objects.filter(pk=ticket.pk).update(owner=chen)
    (ours,) = sent()
    assert (take(bounce(ours["Message-ID"])).kind, take(bounce("<forged.1@demo.example>")).kind) == ("note", "ignored")
    notice = Notice.objects.get(kind="received")
    assert (notice.state, "550 No such user" in notice.returned) == ("failed", True)
    assert ticket.messages.get().text.endswith("：没有这个邮箱（5.1.1 550 No such user）"), (
        "words, then the server's own"
    )
    told = Notice.objects.get(kind="mail_returned", user=chen)
    assert "没有这个邮箱（5.1.1" in told.context["detail"]


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("failed 5.2.2 smtp; 552 5.2.2 Mailbox full", "the mailbox is full (smtp; 552 5.2.2 Mailbox full)"),
        (
            "failed 5.1.1 550 5.1.1 <a@b.cn>: User unknown",
            "there is no such mailbox (550 5.1.1 <a@b.cn>: User unknown)",
        ),
        ("failed 5.7.26 550 DMARC", "the recipient's mail server refuses our mail (5.7.26 550 DMARC)"),
        ("failed 5.0.0", "the recipient's mail server gave it back (5.0.0)"),
        (
            "delayed 4.4.1",
            "not delivered yet, the server tries again, the recipient's mail server cannot be reached (4.4.1)",
        ),
        ("displayed", "opened by the recipient"),
        ("Your mail of 10.1.2.30 was not delivered", "Your mail of 10.1.2.30 was not delivered"),
        ("", ""),
    ],
)
def test_what_a_delivery_report_says_is_told_in_words(detail: str, words: str) -> None:
    with translation.override("en"):
        assert mail_words.returned(detail) == words


def test_a_delay_is_no_failure() -> None:
    ticket = opened()
    (ours,) = sent()
    take(bounce(ours["Message-ID"], "delayed"))
    assert Notice.objects.get(kind="received").state == "sent"
    assert not ticket.messages.exists()


def test_the_same_mail_in_two_wrappings_is_one_case() -> None:
    first = take(mail(head="Message-ID: <one@x>\nReceived: by a"))
    second = take(mail(head="Message-ID: <one@x>\nReceived: by b"))
    assert (second.kind, second.reason, second.ticket) == ("ignored", "copy", first.ticket)
    assert take(mail(head="Message-ID: <one@x>", sender=STRANGER)).kind == "ticket"


def test_a_program_that_gives_every_mail_the_same_number_loses_no_words() -> None:
    first, second = (
        take(mail(words.encode(), head="Message-ID: <same@x>")) for words in ("空调漏水。", "冰箱也坏了。")
    )
    assert (first.kind, second.kind) == ("ticket", "ticket")


def test_a_mail_on_which_the_reader_dies_is_put_aside_after_three_tries() -> None:
    row, _new = services_mail.store(Mailbox.objects.get(), mail(), received_at=NOON)
    assert all(services_mail.claim(row.pk, at=NOON) for _try in range(3))
    assert services_mail.process(row.pk, at=NOON).kind == "failed"
    assert services_mail.retry(RawMessage.objects.get(), at=NOON, by_hand=False).kind == "ticket"


def test_what_breaks_on_one_mail_is_said_and_stays(monkeypatch) -> None:
    monkeypatch.setattr(services_mail, "decide", lambda *_args, **_more: 1 / 0)
    assert take(mail()).kind == "failed"
    row = RawMessage.objects.get()
    assert (row.state, "ZeroDivisionError" in row.error) == ("failed", True)
    monkeypatch.undo()
    assert services_mail.retry(row, at=NOON, by_hand=False).kind == "ticket"
