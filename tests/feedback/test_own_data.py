"""The customer takes along what we hold of them in a case, after a proof (PIPL)."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AccessLog
from feedback import own_data, services
from tests.feedback.test_receive import receive
from tests.make import NOON
from tickets import services as tickets
from tickets.attachments import files

pytestmark = pytest.mark.django_db
WANG = {"name": "王小明", "phone": "13800001234", "email": "wang@example.com"}


@pytest.fixture
def receipt(zhou: Any) -> services.Receipt:
    receipt = receive(customer=WANG)
    tickets.note(receipt.ticket, text="内部机密备注", by=zhou, at=NOON)
    tickets.reply(receipt.ticket, text="给您的答复", by=zhou, at=NOON)
    upload = files.store(SimpleUploadedFile("发票.pdf", b"%PDF-1.4\n1 0 obj\n%%EOF"), at=NOON)
    services.hear(receipt.ticket, text="补充发票", at=NOON, attachments=[upload])
    return receipt


def ask(client: Client, receipt: services.Receipt, **given: str) -> Any:
    return client.post(f"/t/{receipt.tracking_code}/export/", given)


def unpacked(answer: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


@pytest.mark.parametrize("proof", ["1234", "WANG@example.com ", " 1234"])
def test_who_knows_the_contact_gets_everything_but_what_is_internal(client, receipt, proof):
    answer = ask(client, receipt, proof=proof)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/zip", "no-store")
    packed = unpacked(answer)
    text = packed.read("data.json").decode()
    data = json.loads(text)
    assert data["customer"]["phone"] == "13800001234"
    assert [said["text"] for said in data["messages"]][1:] == ["给您的答复", "补充发票"]
    assert "内部机密备注" not in text and "周明" not in text
    (name,) = data["messages"][-1]["files"]
    assert packed.read(name).startswith(b"%PDF-1.4")
    row = AccessLog.objects.get()
    assert (row.action, row.subject, row.user) == ("export", receipt.ticket.number, None)


def test_who_knows_a_name_and_a_number_does_not_learn_the_address_that_goes_with_them(client, receipt):
    """A case under both is the same customer's, who left an address before; the digits prove that one knows the number."""
    strangers = receive(customer=WANG | {"email": ""})
    assert strangers.ticket.customer == receipt.ticket.customer
    text = unpacked(ask(client, strangers, proof="1234")).read("data.json").decode()
    assert "wang@example.com" not in text and json.loads(text)["customer"]["email"] == "w***@example.com"
    whole = json.loads(unpacked(ask(client, strangers, proof="wang@example.com")).read("data.json"))
    assert whole["customer"]["email"] == "wang@example.com"


@pytest.mark.parametrize("proof", ["", "0000", "234", "13800001234", "example.com", "王小明", "\x00"])
def test_who_does_not_know_it_gets_nothing(client, receipt, proof):
    answer = ask(client, receipt, proof=proof)
    assert answer.status_code == 422 and not answer.streaming
    assert not AccessLog.objects.exists()


def test_what_was_typed_in_vain_comes_back_with_what_is_wrong(client, receipt):
    page = ask(client, receipt, proof="0000").content.decode()
    assert 'value="0000"' in page and "details open" in page and 'aria-invalid="true"' in page


def test_four_digits_cannot_be_tried_out(client, receipt):
    tries = [ask(client, receipt, proof=f"{n:04}").status_code for n in range(8)]
    assert tries[:5] == [422] * 5
    assert tries[5:] == [429] * 3
    assert ask(client, receipt, proof="1234").status_code == 429  # nor is the right one told from the wrong ones then


def test_of_an_anonymous_case_the_code_is_all_there_is(client):
    receipt = receive(anonymous=True)
    data = json.loads(unpacked(ask(client, receipt)).read("data.json"))
    assert (data["customer"], data["anonymous"]) == (None, True)


@pytest.mark.parametrize(
    ("name", "safe"), [("../../etc/passwd", "_.._etc_passwd"), ("C:\\a.txt", "C__a.txt"), ("...", "file"), ("", "file")]
)
def test_a_name_in_the_zip_leads_nowhere_else(name, safe):
    assert own_data.safe(name) == safe


def test_the_page_offers_it_and_asks_for_the_proof_only_where_there_is_one(client, receipt):
    with_contact = client.get(f"/t/{receipt.tracking_code}/").content.decode()
    assert 'name="proof"' in with_contact
    anonymous = receive(anonymous=True)
    text = client.get(f"/t/{anonymous.tracking_code}/").content.decode()
    assert "下载我的数据" in text and 'name="proof"' not in text
