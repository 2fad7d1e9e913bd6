"""The public form: without JavaScript, twice, wrong, anonymous, with files."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from feedback.models import RawMessage
from tickets.models import Attachment, Customer, Ticket

pytestmark = pytest.mark.django_db
GOOD = {
    "nature": "complaint",
    "content": "上周六安装的空调一直滴水，两次上门都没有修好。",
    "name": "王小明",
    "phone": "+86 138-0000-1234",
    "email": "wang@example.com",
    "consent": "1",
}


def token(client: Client) -> str:
    return re.search(r'name="token" value="([^"]+)"', client.get("/").content.decode())[1]  # type: ignore[index]


def send(client: Client, **fields: Any) -> Any:
    return client.post("/", {"token": token(client)} | GOOD | fields)


def picture(name: str = "漏水.png") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/png")


def test_a_sent_form_leads_to_a_receipt_with_number_code_and_what_is_next(client: Client) -> None:
    answer = send(client)
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    ticket = Ticket.objects.get()
    text = page.content.decode()
    assert ticket.number in text
    assert "data:image/svg+xml" in text
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    code = re.search(r'href="/t/([^/"]+)/"', text)[1]  # type: ignore[index]
    assert client.get(f"/t/{code}/").status_code == 200
    assert ticket.customer.phone == "13800001234"
    assert ticket.customer.consent_version


def test_the_same_form_twice_is_one_ticket_and_one_receipt(client: Client) -> None:
    one = token(client)
    first, second = (client.post("/", GOOD | {"token": one}) for _ in range(2))
    assert first["Location"] == second["Location"]
    codes = {re.search(r'href="/t/([^/"]+)/"', client.get(first["Location"]).content.decode())[1] for _ in range(2)}  # type: ignore[index]
    assert len(codes) == 1
    assert Ticket.objects.count() == 1


def test_gone_back_without_scripts_the_same_words_are_the_same_form(client: Client) -> None:
    first, again = send(client), send(client)
    assert again["Location"] == first["Location"] and Ticket.objects.count() == 1
    assert client.cookies["sent"]["httponly"] and client.cookies["sent"]["max-age"] == 600
    more = send(client, uploads=[picture()])  # a photo that was forgotten is not lost
    elsewhere = send(Client())  # the same words of another browser are another voice
    assert len({first["Location"], more["Location"], elsewhere["Location"]}) == Ticket.objects.count() == 3


def test_another_text_under_the_same_token_is_another_voice(client: Client) -> None:
    one = token(client)
    client.post("/", GOOD | {"token": one})
    client.post("/", GOOD | {"token": one, "content": "另外，客服电话一直打不通，等了半小时。"})
    assert Ticket.objects.count() == 2


def test_errors_name_the_fields_and_keep_what_was_typed_and_uploaded(client: Client) -> None:
    page = send(client, content="漏水", phone="1380000123", uploads=[picture()])
    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#id_content"' in text
    assert 'href="#id_phone"' in text
    assert "漏水.png" in text
    kept = re.findall(r'name="kept" value="([^"]+)"', text)
    assert len(kept) == 1
    assert send(client, kept=kept).status_code == 302
    assert Attachment.objects.get(ticket=Ticket.objects.get()).name == "漏水.png"


def kept_in(page: HttpResponse) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)"', page.content.decode())


def test_a_form_left_open_for_longer_than_its_files_are_kept_says_so_and_goes_when_sent_again(client: Client) -> None:
    marks = kept_in(send(client, content="短", uploads=[picture()]))
    Attachment.objects.update(uploaded_at=timezone.now() - timedelta(hours=25))
    late = send(client, kept=marks)
    assert late.status_code == 422
    assert "放了一天以上" in late.content.decode() and kept_in(late) == []
    assert not Ticket.objects.exists()
    assert send(client, uploads=[picture()]).status_code == 302
    assert Ticket.objects.get().attachments.count() == 1


def test_a_file_that_another_tab_has_sent_is_told_and_the_same_form_twice_is_one(client: Client) -> None:
    marks = kept_in(send(client, content="短", uploads=[picture()]))
    first = send(client, kept=marks, token="a" * 24)
    assert send(client, kept=marks, token="a" * 24)["Location"] == first["Location"]
    other = {"content": "另外，客服电话一直打不通，等了半小时。", "token": "b" * 24}
    told = send(client, kept=marks, **other)
    assert told.status_code == 422 and "另一次反馈" in told.content.decode()
    assert kept_in(told) == [], "what cannot go along is not offered"
    assert send(client, **other).status_code == 302
    assert Ticket.objects.count() == 2


def test_a_forged_kept_file_is_not_taken(client: Client) -> None:
    send(client, uploads=[picture()], content="短")
    key = Attachment.objects.get().key
    send(client, kept=[str(key), f"{key}:1:x"])
    assert not Attachment.objects.exclude(ticket=None).exists()


def test_a_file_of_another_kind_is_refused_by_name(client: Client) -> None:
    evil = SimpleUploadedFile("发票.jpg", b"<html><script>alert(1)</script></html>", content_type="image/jpeg")
    page = send(client, uploads=[evil, picture()])
    assert page.status_code == 422
    assert "发票.jpg" in page.content.decode()
    assert not Ticket.objects.exists()


def test_anonymous_feedback_stores_nothing_of_who_sent_it(client: Client) -> None:
    answer = client.post(
        "/", {"token": token(client)} | GOOD | {"anonymous": "1"}, REMOTE_ADDR="203.0.113.77",
        headers={"User-Agent": "TellTale/9"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert not Customer.objects.exists()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows = " ".join(row[0] for row in cursor.fetchall())
            for trace in ("203.0.113.77", "TellTale", "13800001234", "138-0000-1234", "wang@example.com", "王小明"):
                assert trace not in rows, (table, trace)
    raw = bytes(RawMessage.objects.get().raw).decode()
    assert "13800001234" not in raw


def test_who_leaves_no_contact_must_choose_to_be_anonymous(client: Client) -> None:
    page = send(client, phone="", email="")
    assert page.status_code == 422
    assert 'href="#id_phone"' in page.content.decode()


def test_a_contact_needs_consent(client: Client) -> None:
    assert send(client, consent="").status_code == 422
    assert not Ticket.objects.exists()


def test_the_trap_for_machines_loses_no_text(client: Client) -> None:
    page = send(client, website="http://spam.example")
    assert page.status_code == 422
    assert GOOD["content"] in page.content.decode()


def test_too_many_posts_from_one_address_are_told_to_wait_but_not_from_this_machine(client: Client) -> None:
    from django.core.cache import cache

    cache.clear()
    limit = 20
    outside = [client.post("/", {}, REMOTE_ADDR="203.0.113.5").status_code for _ in range(limit + 1)]
    assert outside[-1] == 429
    assert 429 not in outside[:limit]
    assert client.post("/", {}, REMOTE_ADDR="127.0.0.1").status_code == 422


def test_the_page_has_no_inline_style_or_script_and_works_as_plain_html(client: Client) -> None:
    text = client.get("/").content.decode()
    assert " style=" not in text
    assert "<script>" not in text
    assert not re.search(r"\son\w+=", text)
    assert 'enctype="multipart/form-data"' in text
    assert text.count("<h1") == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_public_page_opens(client: Client, language: str) -> None:
    for path in ("/", "/track/", "/privacy/"):
        assert client.get(path, headers={"Accept-Language": language}).status_code == 200


def test_the_form_is_small_and_asks_the_database_little(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        page = client.get("/")
    assert len(page.content) < 60_000
