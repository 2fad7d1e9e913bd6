"""A program's mail is known for one, before anything is answered (S-6)."""

import pytest

from feedback.mail.message.reading import read
from tests.feedback.mail.build import mail, several


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("Auto-Submitted: auto-replied", "auto_submitted"),
        ("Auto-Submitted: auto-generated; owner=x", "auto_submitted"),
        ("Precedence: bulk", "precedence"),
        ("Precedence: auto_reply", "precedence"),
        ("Precedence: LIST", "precedence"),
        ("X-Auto-Response-Suppress: All", "response_suppressed"),
        ("X-Auto-Response-Suppress: OOF, AutoReply", "response_suppressed"),
        ("X-Autoreply: yes", "autoreply"),
        ("X-Autorespond: 1", "autoreply"),
        ("List-Id: <news.x.cn>", "list"),
        ("List-Unsubscribe: <https://x.cn>", "list"),
        ("Return-Path: <>", "null_return_path"),
        ("X-Loop: a@b.cn", "loop"),
        ("X-FC-MachineGenerated: true", "autoreply"),
        ("X-POST-MessageClass: 9; Autoresponder", "autoreply"),
        ("Delivered-To: Autoresponder", "autoreply"),
        ("Auto-Submitted: no", ""),
        ("Precedence: first-class", ""),
        ("X-Auto-Response-Suppress: none", ""),
        ("X-Autoreply: no", ""),
        ("Return-Path: <a@b.cn>", ""),
    ],
)
def test_headers_tell(head: str, reason: str) -> None:
    assert read(mail(head=head)).machine == reason


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON@x.cn",
        "Postmaster@qq.com",
        "no-reply@x.cn",
        "noreply+7@x.cn",
        "bounce-1@x.cn",
        "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.cn",
    ],
)
def test_robots_are_known_by_their_address(sender: str) -> None:
    assert read(mail(sender=sender)).machine == "robot_address"


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复: 结果",
        "Automatic reply: x",
        "Out of office",
        "系统退信/Systems bounce",
        "Undeliverable: x",
        "来自qq.com的退信",
        "Automatische Antwort: x",
        "Réponse automatique : x",
    ],
)
def test_automatic_subjects_are_known(subject: str) -> None:
    assert read(mail(subject=subject)).machine == "automatic_subject"


@pytest.mark.parametrize(
    "subject", ["关于自动回复太慢的投诉", "The automatic reply was rude", "读书", "无法送达: 订单8213"]
)
def test_people_may_write_about_automatic_answers(subject: str) -> None:
    assert not read(mail(subject=subject)).machine


def calendar(method: str, *, named: str = "") -> bytes:
    """What a calendar program sends: `method` in the text, `named` in the header of the part."""
    told = f"; method={named}" if named else ""
    return (
        f"Content-Type: text/calendar; charset=utf-8{told}\n\nBEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\n"
        "SUMMARY:上门维修\nDTSTART:20260105T093000\nATTENDEE;PARTSTAT=DECLINED:mailto:wxm@example.cn\n"
        "COMMENT:那天不在家，请改到周五。\nEND:VEVENT\nEND:VCALENDAR"
    ).encode()


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (calendar("REPLY", named="REPLY"), "Accepted: 上门维修"),
        (calendar("REPLY"), "已接受: 上门维修"),
        (calendar("reply", named="Reply"), "已拒绝：上门维修"),
        (b"Content-Type: application/ms-tnef; name=winmail.dat\n\n..IPM.Schedule.Meeting.Resp.Pos..", "上门维修"),
        (b"Content-Type: text/plain\n\n", "Tentatively accepted: Visit"),
        (b"Content-Type: text/html\n\n<p>&nbsp;</p>", "已接受邀请：上门维修"),
        (b"Content-Type: text/plain\n\n", "暂定: 上门维修"),
    ],
)
def test_the_answer_of_a_calendar_is_a_machines(raw: bytes, subject: str) -> None:
    assert read(several(raw, kind="alternative", subject=subject)).machine == "calendar_answer"


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (calendar("REQUEST", named="REQUEST"), "邀请: 上门维修"),
        (calendar("COUNTER", named="COUNTER"), "New Time Proposed: 上门维修"),
        ("Content-Type: text/plain; charset=utf-8\n\n但是上门的人没有来。".encode(), "已接受: 上门维修"),
        (b"Content-Type: text/plain\n\n", "已接受贵公司的方案"),
        (b"Content-Type: image/png; name=a.png\n\n\x89PNG", "拒绝: 赔偿"),
    ],
)
def test_people_may_write_about_appointments(raw: bytes, subject: str) -> None:
    assert not read(several(raw, subject=subject)).machine


def test_what_somebody_adds_to_yes_or_no_is_read() -> None:
    assert read(several(calendar("REPLY"))).text.endswith("那天不在家，请改到周五。")


BOUNCE = several(
    b"Content-Type: text/plain; charset=utf-8\n\n" + "您的邮件未能送达。".encode(),
    b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.qq.com\n\nFinal-Recipient: rfc822; nobody@qq.com\n"
    b"Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 Mailbox unavailable",
    b"Content-Type: message/rfc822\n\nFrom: s@demo.example\nMessage-ID: <ours@demo.example>\n\nwords",
    kind="report; report-type=delivery-status",
)


def test_a_bounce_tells_whose_mail_did_not_arrive_and_why() -> None:
    found = read(BOUNCE)
    assert found.machine == "report"
    assert found.report and found.report.failed
    assert (found.report.recipient, found.report.status) == ("nobody@qq.com", "5.1.1")
    assert (found.report.diagnostic, found.report.original_id) == ("550 Mailbox unavailable", "ours@demo.example")
    assert (found.text, found.files) == ("您的邮件未能送达。", ())


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (
            b"smtp; 550 5.7.1 Refused; see https://mx.example/why;id=7",
            "550 5.7.1 Refused; see https://mx.example/why;id=7",
        ),
        (b"smtp;550 No", "550 No"),
        (b"550 without a kind; and more", "550 without a kind; and more"),
    ],
)
def test_all_that_the_server_said_is_kept(field: bytes, said: str) -> None:
    found = read(BOUNCE.replace(b"smtp; 550 Mailbox unavailable", field))
    assert found.report and found.report.diagnostic == said


def test_a_read_receipt_is_no_failure() -> None:
    receipt = b"Content-Type: message/disposition-notification\n\n"
    receipt += b"Original-Message-ID: <ours@demo.example>\nDisposition: manual-action; displayed"
    found = read(
        several(b"Content-Type: text/plain\n\nread", receipt, kind="report; report-type=disposition-notification")
    )
    assert found.report and not found.report.failed
    assert (found.report.action, found.report.original_id) == ("displayed", "ours@demo.example")
