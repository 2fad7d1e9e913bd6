"""Whatever a mail is made of, it is read, and in time (B-4, S-11)."""

import base64
import time

import pytest

from feedback.mail.message.reading import Mail, read
from tests.feedback.mail.build import mail, several

LOGO = b"Content-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline\n\n\x89PNG logo"
TEXT = b"Content-Type: text/plain\n\n"
HTML = b"Content-Type: text/html; charset=utf-8\n\n"


def nested(levels: int) -> bytes:
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(levels))
    return b"From: a@b.c\nSubject: deep\n" + opened + b"Content-Type: text/plain\n\nhello\n"


ODD = {
    "empty": b"",
    "no headers": b"\n\nhello",
    "every byte": bytes(range(256)) * 50,
    "multipart 1,000 deep": nested(1000),
    "multipart 100 deep": nested(100),
    "mails in mails 1,000 deep": b"Subject: x\n" + b"Content-Type: message/rfc822\n\n" * 1000 + b"\nhello",
    "message id of Microsoft": mail(head="Message-ID: <[abc@microsoft.com]>"),
    "5,000 brackets": mail(sender="(" * 5000),
    "angle brackets": mail(sender="<" * 20000),
    "square brackets": mail(sender="[" * 20000),
    "quotes": mail(sender='"' * 20000),
    "commas": mail(sender="," * 20000),
    "encoded line break in the name": b"From: =?utf-8?q?=0A?= <b@e.cn>\n\nx",
    "20,000 recipients": mail(head="Cc: " + ", ".join(f"u{n}@x.cn" for n in range(20_000))),
    "1,000,000 headers": b"X-A: b\n" * 1_000_000 + mail(),
    "a header of 2 MB": b"X-A: " + b"a" * 2_000_000 + b"\n" + mail(),
    "100,000 encoded words": b"Subject: " + b"=?utf-8?b?5L2g?= " * 100_000 + b"\n\nx",
    "1,500 files": several(*[b"Content-Type: image/png; name=a.png\n\nabc"] * 1500),
    "a line of 1 MB in base64": mail(base64.b64encode(b"a" * 1_000_000), head="Content-Transfer-Encoding: base64"),
    "html of 5 MB": mail(b"<div><p>hello</p></div>" * 220_000, head="Content-Type: text/html"),
    "html 50,000 deep": mail(b"<div>" * 50_000 + b"deep", head="Content-Type: text/html"),
    "quotes 50,000 deep": mail(b"<blockquote>" * 50_000 + b"deep", head="Content-Type: text/html"),
    "meta without end": mail(b"<meta " * 100_000, head="Content-Type: text/html"),
    "parameters without end": b"Content-Type: text/plain; " + b'a="' * 50_000 + b"\n\nx",
    "references without end": mail(head="References: " + "<" * 100_000),
    "uuencode without end": mail(b"begin 644 a.txt\n" * 20_000 + b"end\n"),
    "no boundary": b"Content-Type: multipart/mixed\n\n--x\nContent-Type: text/plain\n\nhello\n--x--",
    "missing end": b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello",
    "boundary used twice": several(b"Content-Type: multipart/mixed; boundary=edge\n\n--edge\n\nhello"),
    "partial": mail(b"hello", head="Content-Type: message/partial; number=1; total=3; id=x"),
    "external body": mail(b"Content-Type: text/plain\n\n", head="Content-Type: message/external-body; access-type=URL"),
    "broken calendar": mail(b"BEGIN:VCALENDAR\nDTSTART:x", head="Content-Type: text/calendar"),
    "broken winmail": several(TEXT + b"hi", b"Content-Type: application/ms-tnef; name=winmail.dat\n\n\x78\x9f\x3e\x22\0\0"),
    "header named headers": mail(head="headers: x\n: y\nno colon here"),
    "no date but 2099": mail(head="Date: Fri, 31 Dec 2099 23:59:59 +9999"),
    "NUL": mail(b"a\0b", subject="a\0b"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_nothing_that_comes_raises_or_takes_long(name: str) -> None:
    start = time.process_time()
    found = read(ODD[name])
    assert time.process_time() - start < 20  # seconds, on a machine that does eight other things
    assert isinstance(found, Mail)
    assert found.damage in {"", "too deep"}
    assert "\0" not in f"{found.subject}{found.text}{found.sender}{[file.name for file in found.files]}"
    assert "\n" not in found.subject


def test_what_is_too_deep_is_said_and_kept() -> None:
    found = read(nested(1000))
    assert (found.subject, found.damage, len(found.files)) == ("deep", "too deep", 1)


@pytest.mark.parametrize("name", ["no boundary", "missing end", "boundary used twice"])
def test_words_are_found_in_broken_structures(name: str) -> None:
    assert read(ODD[name]).text == "hello"


def test_html_that_no_parser_follows_keeps_its_words() -> None:
    assert read(ODD["html 50,000 deep"]).text == "deep"


def test_the_plain_alternative_is_read_and_the_html_kept_for_showing() -> None:
    found = read(several(TEXT + b"plain", HTML + b"<p>rich", kind="alternative"))
    assert (found.text, found.html) == ("plain", "<p>rich")


def test_html_alone_becomes_text_and_nothing_of_it_runs() -> None:
    page = "<html><head><title>t</title><style>p{}</style></head><body><p>第一段</p><script>alert(1)</script><ul><li>一</li></ul>"
    text = read(mail(page.encode(), head="Content-Type: text/html; charset=utf-8")).text
    assert text.startswith("第一段") and "一" in text
    assert "alert" not in text and "p{}" not in text


def test_words_of_one_line_are_never_pulled_apart() -> None:
    page = "<p>空调<b>漏水</b>了，<span>三天</span>没人来。<!-- x -->急！</p><table><tr><td>订单</td><td>88231</td></tr></table>"
    text = read(mail(page.encode(), head="Content-Type: text/html; charset=utf-8")).text
    assert text == "空调漏水了，三天没人来。急！\n\n订单 88231"


@pytest.mark.parametrize(
    "note", ["您的邮件客户端不支持HTML格式", "这是一封HTML格式的邮件，请使用支持HTML的邮件客户端查看。"]
)
def test_a_note_that_there_is_html_is_not_the_text(note: str) -> None:
    raw = several(TEXT + note.encode(), HTML + "<p>漏水</p>".encode(), kind="alternative")
    assert read(raw).text == "漏水"


def test_quotations_in_html_are_marked_and_folded() -> None:
    page = "<div>还没修好</div><div><br></div><div>客服 &lt;s@x.cn&gt; 于2026年1月5日 09:30写道：</div>"
    page += "<blockquote><p>您好</p><p>已处理</p></blockquote>"
    found = read(mail(page.encode(), head="Content-Type: text/html; charset=utf-8"))
    assert found.reply_text == "还没修好"
    assert "> 您好" in found.text


def test_a_mail_within_a_mail_is_a_file() -> None:
    found = read(several(TEXT + b"see below", b"Content-Type: message/rfc822\n\nSubject: inner\n\nwords"))
    assert found.text == "see below"
    assert [(file.media_type, file.name.endswith(".eml"), b"inner" in file.data) for file in found.files] == [
        ("message/rfc822", True, True)
    ]


def test_a_mail_within_a_mail_is_a_whole_one_though_it_is_coded() -> None:
    coded = base64.encodebytes(b"From: c@d.cn\nSubject: inner\n\nwords")
    found = read(several(TEXT + b"x", b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + coded))
    assert read(found.files[0].data).subject == "inner"


def test_a_logo_in_the_text_is_listed_once() -> None:
    page = HTML + b'<img src="cid:logo">'
    found = read(several(page, LOGO, LOGO, kind="related"))
    assert [(file.inline, file.content_id, file.media_type) for file in found.files] == [(True, "logo", "image/png")]


def test_the_same_file_attached_twice_stays_twice() -> None:
    one = b"Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\npdf"
    assert len(read(several(TEXT + b"x", one, one)).files) == 2


def test_an_invitation_is_words_and_a_file() -> None:
    event = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Visit\nDTSTART:20260105T093000\n"
    event += b"LOCATION:Shop\nORGANIZER:mailto:a@b.cn\nEND:VEVENT\nEND:VCALENDAR"
    found = read(several(b"Content-Type: text/calendar; method=REQUEST\n\n" + event))
    assert found.text == "Visit\n2026-01-05 09:30\nShop\na@b.cn"
    assert [file.name for file in found.files] == ["text.ics"]


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        ("DTSTART:20260105T013000Z", "2026-01-05 09:30"),
        ("DTSTART;TZID=America/New_York:20260104T203000", "2026-01-05 09:30"),
        ("DTSTART;VALUE=DATE:20260105", "2026-01-05"),
    ],
)
def test_the_time_of_an_invitation_is_told_in_ours(start: str, shown: str) -> None:
    event = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{start}\nEND:VEVENT\nEND:VCALENDAR".encode()
    assert read(several(b"Content-Type: text/calendar\n\n" + event)).text == shown


def test_flowed_lines_are_made_whole() -> None:
    found = read(mail(b"one \ntwo\n> a \n> b\n-- \nme", head="Content-Type: text/plain; format=flowed"))
    assert found.text == "one two\n> a b\n-- \nme"


def test_a_file_written_into_the_text_is_taken_out_of_it() -> None:
    found = read(mail(b"see\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye"))
    assert found.text.split() == ["see", "bye"]
    assert [(file.name, file.data) for file in found.files] == [("cat.txt", b"Cat")]


@pytest.mark.parametrize("encoding", ["bogus", "7-bit", "8bit;", "text/html", ""])
def test_an_unknown_encoding_leaves_the_text(encoding: str) -> None:
    assert read(mail(b"hello", head=f"Content-Transfer-Encoding: {encoding}")).text == "hello"


def test_base64_is_read_with_lines_behind_it_that_are_none() -> None:
    body = base64.encodebytes("空调漏水三天没人来修".encode() * 5) + b"\n-- sent by list!\n"
    assert read(mail(body, head="Content-Transfer-Encoding: base64")).text == "空调漏水三天没人来修" * 5


@pytest.mark.parametrize(
    ("line", "name", "address"),
    [
        ('"王, 小明" <w@x.cn>', "王, 小明", "w@x.cn"),
        ("w@x.cn (Wang)", "Wang", "w@x.cn"),
        ("Support: a@x.cn, b@x.cn;", "", "a@x.cn"),
        ("<>", "<>", ""),
        ("Wang <w@x.cn", "Wang", "w@x.cn"),
        ("Wang w@x.cn>", "", "w@x.cn"),
        ("王 <用户@例子.公司>", "王", "用户@例子.公司"),
        ('"a@b.cn" <w@x.cn>', "a@b.cn", "w@x.cn"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_sender_is_found(line: str, name: str, address: str) -> None:
    found = read(f"From: {line}\n\nx".encode()).sender
    assert (found.name, found.address) == (name, address)


def test_the_first_of_two_senders_counts() -> None:
    assert read(b"From: A <a@x.cn>\nFrom: B <b@x.cn>\n\nx").sender.address == "a@x.cn"


def test_every_answer_is_the_same_twice() -> None:
    raw = several(TEXT + b"x", LOGO)
    assert read(raw) == read(raw)
