"""A colleague passes a customer's mail on: the case is the customer's, and the colleague's own words stay inside."""
# ruff: noqa: E501

import time

import pytest
from django.core.cache import cache

from accounts.models import User
from feedback.mail import services as services_mail
from feedback.mail.message import forwarded
from feedback.mail.message.reading import read
from feedback.mail.services_act import Outcome
from feedback.models import Mailbox
from notices.models import Notice
from tests.feedback.mail.build import mail, several
from tests.make import NOON
from tickets.models import Message

pytestmark = pytest.mark.django_db
WORDS = "空调装好第二天就漏水，希望尽快派人来看。"
LUO = "罗 <luo@demo.example>"
WAYS = {
    "gmail": "---------- Forwarded message ---------\nFrom: 王小明 <wxm@example.cn>\nDate: Mon, Jan 5, 2026\nSubject: 空调漏水\nTo: <luo@demo.example>\n\n\n",
    "gmail_zh": "---------- Forwarded message ---------\n发件人： 王小明 <wxm@example.cn>\nDate: 2026年1月5日周一\nSubject: 空调漏水\nTo: <luo@demo.example>\n\n\n",
    "apple": "Begin forwarded message:\n\nFrom: 王小明 <wxm@example.cn>\nDate: 5 January 2026\nTo: luo@demo.example\nSubject: 空调漏水\n\n",
    "apple_zh": "下面是被转发的邮件：\n\n发件人: 王小明 <wxm@example.cn>\n主题: 空调漏水\n日期: 2026年1月5日\n收件人: luo@demo.example\n\n",
    "outlook": "________________________________\n发件人: 王小明 <wxm@example.cn>\n发送时间: 2026年1月5日 9:30\n收件人: 罗 <luo@demo.example>\n主题: 空调漏水\n\n",
    "outlook_mailto": "-----Original Message-----\nFrom: 王小明 [mailto:wxm@example.cn]\nSent: Monday\nTo: Luo\nSubject: 空调漏水\n\n",
    "qq": "------------------ 原始邮件 ------------------\n发件人: \"王小明\"<wxm@example.cn>;\n发送时间: 2026年1月5日\n收件人: \"罗\"<luo@demo.example>;\n主题: 空调漏水\n\n",
    "163": "---- 转发的原邮件 ----\n| 发件人 | 王小明<wxm@example.cn> |\n| 发送日期 | 2026年01月05日 09:30 |\n| 收件人 | luo@demo.example |\n| 主题 | 空调漏水 |\n",
    "foxmail": "发件人： 王小明\n    <wxm@example.cn>\n发送时间： 2026-01-05 09:30\n收件人： luo\n主题： 空调漏水\n\n",
}  # fmt: skip


@pytest.fixture(autouse=True)
def support() -> Mailbox:
    cache.clear()
    User.objects.create(username="luo", name="罗", email="Luo@demo.example")
    return Mailbox.objects.create(code="support", name="客服", address="support@demo.example")


def take(raw: bytes) -> Outcome:
    row, _new = services_mail.store(Mailbox.objects.get(), raw, received_at=NOON)
    return services_mail.process(row.pk, at=NOON)


def passed_on(way: str, *, above: str = "这个客户很难缠，先拖着。\n\n", sender: str = LUO, head: str = "") -> bytes:
    return mail((above + way + WORDS).encode(), sender=sender, subject="转发：空调漏水", head=head)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_one_who_wrote_it_is_the_customer_in_every_programs_way(way: str) -> None:
    outcome = take(passed_on(way))
    ticket = outcome.ticket
    assert ticket and ticket.customer
    assert (outcome.kind, outcome.reason) == ("ticket", "passed_on")
    assert (ticket.customer.email, ticket.customer.name) == ("wxm@example.cn", "王小明")
    assert (ticket.subject, ticket.content) == ("空调漏水", WORDS)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_colleagues_words_are_a_note_and_nobody_is_told_before_a_person_looked(way: str) -> None:
    ticket = take(passed_on(way)).ticket
    assert ticket and "难缠" not in ticket.content
    note = ticket.messages.get()
    assert note.direction == Message.Direction.INTERNAL
    assert "luo@demo.example" in note.text.lower() and "wxm@example.cn" in note.text and note.text.endswith("先拖着。")
    assert not Notice.objects.filter(user=None).exists()


def test_of_a_chain_the_first_who_is_no_colleague_is_the_customer() -> None:
    User.objects.create(username="mei", name="梅", email="mei@demo.example")
    inner = WAYS["outlook"]
    outer = inner.replace("王小明", "梅").replace("wxm@example.cn", "mei@demo.example")
    ticket = take(passed_on(outer + "请处理。\n\n" + inner)).ticket
    assert ticket and ticket.customer and ticket.customer.email == "wxm@example.cn"
    assert ticket.content == WORDS
    assert "请处理" in ticket.messages.get().text


def test_a_mail_passed_on_as_a_file_is_opened() -> None:
    inner = mail(WORDS.encode(), subject="空调漏水", head="Message-ID: <inner@example.cn>")
    raw = several(
        b"Content-Type: text/plain; charset=utf-8\n\n" + "请看附件。".encode(),
        b"Content-Type: message/rfc822\nContent-Disposition: attachment\n\n" + inner,
    ).replace(b"=?utf-8?B?546L5bCP5piO?= <wxm@example.cn>", b"luo@demo.example", 1)
    raw = raw.replace(b"Subject: =?utf-8?B?", b"Subject: Fwd: =?utf-8?B?", 1)
    ticket = take(raw).ticket
    assert ticket and ticket.customer
    assert (ticket.customer.email, ticket.content) == ("wxm@example.cn", WORDS)
    assert "请看附件" in ticket.messages.get().text


@pytest.mark.parametrize(
    ("raw", "customer"),
    [
        (passed_on(WAYS["gmail"], sender="李 <li@else.example>"), "li@else.example"),
        (passed_on(WAYS["gmail"], head="Authentication-Results: mx; dmarc=fail"), "luo@demo.example"),
        (passed_on(WAYS["gmail"].replace("wxm@example.cn", "support@demo.example")), "luo@demo.example"),
        (passed_on(WAYS["gmail"].replace("wxm@example.cn", "noreply@shop.example")), "luo@demo.example"),
        (passed_on(WAYS["gmail"].replace("<wxm@example.cn>", "")), "luo@demo.example"),
        (mail((f"我的打印机坏了。\n\n{WAYS['outlook']}{WORDS}").encode(), sender=LUO, subject="Re: 打印机"), "luo@demo.example"),
    ],
    ids=["a stranger's forward", "a forged colleague", "our own mail", "a robot's mail", "no address", "an answer"],
)  # fmt: skip
def test_otherwise_who_wrote_to_us_is_the_customer(raw: bytes, customer: str) -> None:
    ticket = take(raw).ticket
    assert ticket and ticket.customer and ticket.customer.email == customer


def test_what_a_forward_names_never_becomes_a_header_or_a_long_read() -> None:
    odd = "From: a\r\nBcc: x@y.cn <" + "a" * 70 + "@" + "b." * 90 + "cn>\nDate: x\nSubject: y\n\n"
    began = time.process_time()
    for way in (
        odd,
        "From: " + "a@" * 50_000 + "\nTo: x\n",
        "发件人: " * 20_000,
        "From: x\nTo: y\n" * 2_000,
        "-" * 100_000,
    ):
        for original in forwarded.originals(read(passed_on(way))):
            assert "\n" not in original.sender.address + original.sender.name + original.subject
    assert time.process_time() - began < 2
