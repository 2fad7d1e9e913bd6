"""S-11: small mails that are made to cost much; each is read within two seconds of computing, with the words it has."""

import time

import pytest

from feedback.mail.message.reading import read
from tests.feedback.mail.build import mail

MIXED = "Content-Type: multipart/mixed; boundary=b"
HTML = "Content-Type: text/html; charset=utf-8"
LINE = b"M" + b"A" * 60 + b"\n"
SAID = "空调漏水".encode()

MAILS = {
    "a million parts": mail(b"--b\n\n" + SAID + b"\n" + b"--b\n\n" * 2**20, head=MIXED),
    "containers without their boundary": mail(
        b"".join(b'--b%d\nContent-Type: multipart/mixed; boundary="no"\n\n' % n for n in range(45)) + b"x y\n" * 2**19,
        head='Content-Type: multipart/mixed; boundary="no"',
    ),
    "a file written into the text": mail(SAID + b"\nbegin 644 a.bin\n" + LINE * 80_000 + b"`\nend\n"),
    "files written into the text": mail(
        SAID + b"\n" + b"".join(b"begin 644 a%d\n#86)C\n`\nend\n" % n for n in range(60_000))
    ),
    "blanks in a line": mail(SAID + b"\n" + b" " * 100 + b">" + b" " * 99 + b"x"),
    "dashes and blanks": mail(SAID + b"\n" + (b"--" + b" " * 398 + b"\n") * 300),
    "scripts that never end": mail(SAID + b"<script></scrip" * 2**15, head=HTML),
    "code that is all there is": mail(b"<style>" * 2**16, head=HTML),
    "attributes": mail(b"<a " + b"".join(b"a%d=1 " % n for n in range(40_000)) + b">" + SAID + b"</a>", head=HTML),
    "tags in a line": mail(b"<b>ab</b>" * (3 * 2**20 // 9), head=HTML),
    "pages in a mail": mail(
        b"".join(b"--b\nContent-Type: text/html\n\n" + b"<b>a b</b>" * 20_000 + b"\n" for _ in range(60)), head=MIXED
    ),
    "events of a calendar": mail(
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nSUMMARY:a\r\nEND:VEVENT\r\n" * 100_000 + b"END:VCALENDAR\r\n",
        head="Content-Type: text/calendar",
    ),
    "blocks of a report": mail(
        b"--b\nContent-Type: message/delivery-status\n\n" + b"Action: failed\nStatus: 5.1.1\n\n" * 150_000,
        head="Content-Type: multipart/report; boundary=b",
    ),
}


@pytest.mark.parametrize("name", MAILS)
def test_it_is_read_in_time(name: str) -> None:
    began = time.process_time()
    found = read(MAILS[name])
    took = time.process_time() - began
    assert took < 2
    assert not found.damage
    if SAID in MAILS[name]:
        assert "空调漏水" in found.text


def test_files_written_into_a_text_stay_whole() -> None:
    found = read(mail(b"begin 644 a.bin\n" + LINE * 3 + b"`\nend\nafter\nbegin 644 b.txt\n#86)C\n`\nend\n"))
    assert [(file.name, len(file.data)) for file in found.files] == [("a.bin", 135), ("b.txt", 3)]
    assert found.text == "after"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('<p title="a>b">one</p><p>two</p>', "one\n\ntwo"),
        ("<p title='5\" tall'>one</p>", "one"),
        ('<p tall">one</p> "two"', 'one\n\n"two"'),
        ("a < b <!-- not\n<p>this</p> --> c", "a < b c"),
        ("one<br/>two<img src=x alt=y/>", "one\ntwo"),
        ("<style><!-- p {a: b} --></style><p>one</p>", "one"),
        ("<script>if (a < b) '<p>x</p>'</script>one", "one"),
    ],
)
def test_the_words_of_a_page_are_found_between_its_tags(page: str, text: str) -> None:
    assert read(mail(page.encode(), head=HTML)).text == text
