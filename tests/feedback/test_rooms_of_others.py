"""S-2: rooms beside a case (its mails, calls, imports, slips, files) open to nobody who may not see it, or only masked."""

from urllib.parse import urlencode

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from accounts.models import User
from feedback.hotline import caller as calls
from feedback.hotline import services as services_calls
from feedback.hotline.models import Call
from feedback.imports import services as services_import
from feedback.mail import services as services_mail
from feedback.models import Mailbox, RawMessage
from tests.feedback.mail.build import mail
from tests.feedback.test_imports import a_csv
from tests.feedback.test_register import form
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Attachment, Ticket

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


@pytest.fixture
def other_agent(logistics) -> User:
    return User.objects.create(username="luo", name="罗", roles=["agent"], department=logistics, password="!")


@pytest.fixture
def a_mail() -> RawMessage:
    box = Mailbox.objects.create(code="support", name="客服", address="support@demo.example")
    row, _new = services_mail.store(box, mail(), received_at=timezone.now())
    services_mail.process(row.pk, at=timezone.now())
    return RawMessage.objects.get(pk=row.pk)


def test_a_mail_names_its_sender_and_stays_shut_to_those_who_see_masked_data(client, a_mail, he, xu, zhou) -> None:
    for user, expected in ((he, 404), (xu, 404), (zhou, 200)):
        client.force_login(user)
        got = [client.get(reverse("feedback:mail", args=[a_mail.pk])).status_code]
        got.append(client.post(reverse("feedback:mail-raw", args=[a_mail.pk])).status_code)
        assert got == [expected, expected], user
        page = client.get(a_mail.ticket.get_absolute_url()).content.decode()
        assert (reverse("feedback:mail", args=[a_mail.pk]) in page) is (expected == 200), user


def archived(ticket: Ticket, zhou, chen, after_sales) -> Ticket:
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="已处理，谢谢。", by=chen, at=NOON)
    return tickets.close(ticket, by=None, at=NOON)


def test_files_of_an_archived_case_ask_what_they_are_read_for(
    client, zhou, chen, after_sales, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ticket = a_ticket(nature="inquiry")
    file = Attachment.objects.create(
        ticket=ticket, file=ContentFile(b"photo", name="a.jpg"), name="a.jpg", size=5, media_type="image/jpeg",
        sha256="0" * 64, uploaded_at=NOON,
    )  # fmt: skip
    archived(ticket, zhou, chen, after_sales)
    client.force_login(zhou)
    address = reverse("tickets:attachment", args=[file.key])
    question = f"{ticket.get_absolute_url()}?{urlencode({'next': address})}"
    assertRedirects(client.get(address), question, fetch_redirect_response=False)
    answered = client.post(reverse("tickets:read", args=[ticket.number]), {"purpose": "复核", "next": address})
    assertRedirects(answered, address)


def test_a_mail_of_an_archived_case_asks_too(client, a_mail, zhou) -> None:
    Ticket.objects.filter(pk=a_mail.ticket_id).update(status="closed")
    client.force_login(zhou)
    address = reverse("feedback:mail", args=[a_mail.pk])
    question = f"{a_mail.ticket.get_absolute_url()}?{urlencode({'next': address})}"
    assertRedirects(client.get(address), question, fetch_redirect_response=False)
    assert client.get(reverse("feedback:mail-page", args=[a_mail.pk])).status_code == 403, "the frame on that page"
    assert client.post(reverse("feedback:mail-raw", args=[a_mail.pk])).status_code == 403


def test_a_colleagues_call_is_not_leafed_through_by_its_number_in_the_address(client, lin, other_agent) -> None:
    call = services_calls.begin(number=PHONE, by=lin, at=timezone.now())
    client.force_login(other_agent)
    assert PHONE not in client.get(f"/hotline/?call={call.pk}").content.decode()
    client.post("/hotline/calls/", {"call": call.pk, "phone": ""})
    call.refresh_from_db()
    assert call.agent == lin


def test_a_call_stays_with_its_case_when_its_form_is_sent_again_for_another(client, lin) -> None:
    call = services_calls.begin(number=PHONE, by=lin, at=timezone.now())
    client.force_login(lin)
    for text in ("空调安装后一直滴水。", "冰箱门关不上，胶条变形。"):
        sent = form(call=call.pk, content=text, token=f"a-token-of-the-form-{len(text)}")
        assert client.post("/hotline/", sent).status_code == 302
    call.refresh_from_db()
    assert Ticket.objects.count() == 2
    assert call.ticket == Ticket.objects.earliest("pk")


def test_a_recording_is_heard_by_those_who_see_its_case_or_held_the_call(lin, other_agent, after_sales, zhou) -> None:
    call = services_calls.begin(number=PHONE, by=lin, at=NOON)
    ticket = tickets.assign(a_ticket(), department=after_sales, by=zhou, at=NOON)
    Call.objects.filter(pk=call.pk).update(ticket=ticket, recording_url="https://pbx.example/1.mp3")
    heard = {user.username: bool(calls.caller(PHONE, user=user).heard) for user in (lin, other_agent, zhou)}
    assert heard == {"lin": True, "luo": False, "zhou": True}


def test_an_import_is_its_importers_and_the_offices(client, lin, other_agent, zhou) -> None:
    batch = services_import.read(content=a_csv(), name="评价.csv", source="美团", channel="review", by=lin, at=NOON)
    for user, expected in ((other_agent, 404), (lin, 200), (zhou, 200)):
        client.force_login(user)
        assert client.get(f"/imports/{batch.pk}/").status_code == expected, user
        assert client.get(f"/imports/{batch.pk}/to-mend.csv").status_code == expected, user
        assert ("评价.csv" in client.get("/imports/").content.decode()) is (expected == 200), user
    client.force_login(other_agent)
    assert client.post(f"/imports/{batch.pk}/act/", {"do": "delete"}).status_code == 404
    batch.refresh_from_db()
