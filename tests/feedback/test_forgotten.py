"""P-8, PIPL: what became no case is emptied when its time is over; erasure reaches WeChat and the lines of imports."""

from datetime import timedelta

import pytest

from feedback import erasing, services_forget
from feedback.channels import wechat
from feedback.hotline import services as services_calls
from feedback.hotline.models import Call, CallEvent
from feedback.imports import services as services_import
from feedback.mail import services as services_mail
from feedback.models import ImportRow, Mailbox, RawMessage, WechatAccount, WechatContact, WechatMedia, WechatMessage
from tests.feedback.mail.build import mail
from tests.feedback.test_imports import a_csv, read, taken_in
from tests.make import NOON, a_ticket

pytestmark = pytest.mark.django_db
LATE = NOON + timedelta(days=181)


def left_alone(**changes: object) -> RawMessage:
    box, _made = Mailbox.objects.get_or_create(code="support", name="客服", address="support@demo.example")
    row, _new = services_mail.store(box, mail(head="Auto-Submitted: auto-replied"), received_at=NOON)
    services_mail.process(row.pk, at=NOON)
    RawMessage.objects.filter(pk=row.pk).update(**changes)
    return RawMessage.objects.get(pk=row.pk)


def test_a_mail_left_alone_is_emptied_after_its_time_and_not_before(client, zhou) -> None:
    row = left_alone()
    assert row.state == "ignored" and bytes(row.raw)
    assert services_forget.forget(LATE - timedelta(days=2))["mails"] == 0
    assert services_forget.forget(LATE)["mails"] == 1
    row.refresh_from_db()
    assert (bytes(row.raw), row.sender, row.subject, row.message_id) == (b"", "", "", "")
    assert services_forget.forget(LATE)["mails"] == 0
    client.force_login(zhou)
    assert client.get(f"/mails/{row.pk}/").status_code == 404
    services_mail.retry(row, at=LATE, by_hand=True)
    assert RawMessage.objects.get(pk=row.pk).ticket is None


def test_the_same_mail_is_known_again_when_it_was_emptied() -> None:
    row = left_alone()
    services_forget.forget(LATE)
    again, new = services_mail.store(Mailbox.objects.get(), mail(head="Auto-Submitted: auto-replied"), received_at=LATE)
    assert (again.pk, new) == (row.pk, False)


def test_a_mail_that_failed_waits_for_a_person_however_long() -> None:
    row = left_alone(state="failed")
    services_forget.forget(LATE)
    row.refresh_from_db()
    assert bytes(row.raw)


def test_without_a_period_everything_is_kept(settings) -> None:
    settings.UNUSED_INTAKE_DAYS = 0
    row = left_alone()
    assert services_forget.forget(LATE) == {}
    row.refresh_from_db()
    assert bytes(row.raw)


def test_lines_that_were_not_taken_in_are_emptied_and_the_others_stay(lin) -> None:
    batch = taken_in(read(lin, a_csv()))
    before = batch.rows.count()
    assert services_forget.forget(LATE)["import_rows"] > 0
    assert batch.rows.count() == before
    assert not batch.rows.filter(ticket=None).exclude(cells=[], reference="").exists()
    assert batch.rows.exclude(ticket=None).exclude(reference="").exists()


def test_a_batch_that_still_runs_is_left_in_peace(lin) -> None:
    batch = read(lin, a_csv())
    services_import.check(batch, batch.mapping, at=NOON)
    services_import.start(batch)
    assert services_forget.forget(LATE)["import_rows"] == 0


def test_calls_of_which_no_case_came_lose_their_number(lin) -> None:
    told = {"event": "ringing", "call": "c1", "from": "13800001234"}
    services_calls.told(told, event_id="e1", at=NOON)
    services_calls.told({"event": "odd", "from": "13800001234"}, event_id="e2", at=NOON)
    kept = services_calls.begin(number="13800001235", by=lin, at=NOON)
    services_calls.join(kept, a_ticket(), number="")
    assert services_forget.forget(LATE)["calls"] == 1
    assert list(Call.objects.order_by("pk").values_list("number", flat=True)) == ["", "13800001235"]
    assert not CallEvent.objects.exclude(body={}).exists()


@pytest.fixture
def account() -> WechatAccount:
    return WechatAccount.objects.create(code="main", name="澄川服务", app_id="wx1", app_secret="s", token="t")


def written(account: WechatAccount, number: str, kind: str = "text") -> WechatContact:
    fields = {
        "FromUserName": "o-secret", "MsgType": kind, "MsgId": number, "MediaId": "m1",
        "Content": f"空调漏水，两次上门没有修好。{number}",
    }  # fmt: skip
    wechat.take(account, fields, raw=number.encode(), at=NOON)
    return WechatContact.objects.get()


def test_erasing_the_last_case_forgets_who_wrote_by_wechat(account) -> None:
    contact = written(account, "1")
    written(account, "2", "image")
    ticket, event = contact.ticket, contact.ticket.events.first()
    WechatMessage.objects.create(
        contact=contact, key=f"event:{event.pk}", text="我们已收到", created_at=NOON, not_before=NOON
    )
    erasing.erase(ticket)
    assert not WechatContact.objects.exists()
    assert not WechatMessage.objects.exists()
    assert not WechatMedia.objects.exists()


def test_with_another_case_left_the_contact_stays_and_the_words_go(account) -> None:
    contact = written(account, "1")
    event = contact.ticket.events.first()
    WechatMessage.objects.create(
        contact=contact, key=f"event:{event.pk}", text="我们已收到", created_at=NOON, not_before=NOON
    )
    a_ticket(customer=contact.customer)
    erasing.erase(contact.ticket)
    assert WechatContact.objects.get().ticket is None
    assert not WechatMessage.objects.exists()


def test_erasing_a_case_from_an_import_forgets_its_line(lin) -> None:
    batch = taken_in(read(lin, a_csv()))
    row = batch.rows.exclude(ticket=None).first()
    erasing.erase(row.ticket)
    assert (ImportRow.objects.get(pk=row.pk).reference, ImportRow.objects.get(pk=row.pk).cells) == ("", [])
