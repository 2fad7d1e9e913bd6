"""A5.1: a reply by letter is printed as a sheet whose address stands in the window of the envelope."""

import shutil
import subprocess

import pytest

from accounts.models import AccessLog
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(chen, after_sales) -> Message:
    ticket = a_ticket(department=after_sales)
    tickets.reply(ticket, text="师傅已复查，漏水处已更换。\n感谢您的来信。", by=chen, at=NOON, via="letter")
    return Message.objects.get()


def address(letter: Message, ending: str = "") -> str:
    return f"/tickets/{letter.ticket.number}/letters/{letter.pk}{ending or '/'}"


def test_the_sheet_holds_the_words_and_the_address(client, chen, letter):
    client.force_login(chen)
    page = client.post(address(letter), {"address": "310000 杭州市\n文三路 1 号\n<b>王小明</b>"}).content.decode()
    assert "漏水处已更换" in page
    assert "文三路 1 号" in page
    assert "<b>王小明</b>" not in page
    assert client.get(address(letter, ".pdf")).content.startswith(b"%PDF")
    assert AccessLog.objects.get(action="export", user=chen).subject == letter.ticket.number
    assert "letters/" in client.get(letter.ticket.get_absolute_url()).content.decode()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext reads where words stand")
def test_the_address_stands_in_the_window(client, chen, letter, tmp_path):
    """Six lines show in a DL and in a C5 envelope, however the folded sheet slips in it (DIN 5008, form B)."""
    client.force_login(chen)
    lines = ["310000", "Hangzhou", "Wensan", "Road", "Block", "Wang"]
    pdf = client.post(address(letter, ".pdf"), {"address": "\n".join(lines)}).content
    (tmp_path / "a.pdf").write_bytes(pdf)
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout

    def edge(word: str, name: str) -> float:
        """In millimetres from the top or left of the sheet."""
        return float(word.partition(f'{name}="')[2].partition('"')[0]) * 25.4 / 72

    for text in lines:
        (word,) = [line for line in boxes.splitlines() if f">{text}<" in line]
        assert 24 <= edge(word, "xMin") < edge(word, "xMax") <= 100
        assert 57 <= edge(word, "yMin") < edge(word, "yMax") <= 90.5


def test_an_address_is_taken_from_no_query_where_logs_would_keep_it(client, chen, letter):
    client.force_login(chen)
    page = client.get(address(letter), {"address": "文三路 1 号"}).content.decode()
    assert "文三路" not in page
    assert 'method="get"' not in page.partition('id="window"')[2].partition("</form>")[0]


def test_only_replies_by_letter_of_cases_that_one_may_see_have_a_sheet(client, chen, han, xu, letter, after_sales):
    other = tickets.reply(letter.ticket, text="已电话说明。", by=chen, at=NOON, via="phone")
    phoned = other.messages.get(via="phone")
    client.force_login(chen)
    assert client.get(f"/tickets/{other.number}/letters/{phoned.pk}/").status_code == 404
    for outsider in (han, xu):
        client.force_login(outsider)
        assert client.get(address(letter)).status_code == 404
        assert client.post(address(letter), {"address": "x"}).status_code == 404
        assert client.get(address(letter, ".pdf")).status_code == 404
