"""The customer's view of a case: by code only, without anything internal."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feedback import links, services
from sla import services_setup
from tests.feedback.test_receive import receive
from tests.make import NOON
from tickets import services as tickets
from tickets.attachments import files

pytestmark = pytest.mark.django_db


def page(client: Client, receipt: services.Receipt) -> str:
    return client.get(f"/t/{receipt.tracking_code}/").content.decode()


def test_a_wrong_code_an_old_number_and_nonsense_get_the_same_answer(client: Client) -> None:
    receipt = receive()
    answers = {
        client.get(f"/t/{wrong}/").content.decode().replace(wrong, "")
        for wrong in (receipt.ticket.number, "0000-0000", "42", "1~x~y")
    }
    bodies = {body.split("<main")[1].split("</main>")[0].split("csrfmiddlewaretoken")[0] for body in answers}
    assert len(bodies) == 1
    assert client.get("/t/nothing/").status_code == 404


def test_the_code_is_read_with_or_without_hyphens_and_in_small_letters(client: Client) -> None:
    receipt = receive()
    typed = receipt.tracking_code.replace("-", " ").lower()
    answer = client.post("/track/", {"code": typed})
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200


def test_notes_and_names_of_colleagues_never_reach_the_customer(client: Client, zhou: Any) -> None:
    receipt = receive(customer={"name": "王", "phone": "13800001234"})
    tickets.note(receipt.ticket, text="内部机密备注", by=zhou, at=NOON)
    tickets.escalate(receipt.ticket, reason="x", by=zhou, at=NOON, text="内部升级原因")
    tickets.reply(receipt.ticket, text="给您的答复", by=zhou, at=NOON)
    text = page(client, receipt)
    api = client.get(f"/api/v1/feedback/{receipt.tracking_code}/").content.decode()
    for shown in (text, api):
        assert "给您的答复" in shown
        for secret in ("内部机密备注", "内部升级原因", "周明", "13800001234"):
            assert secret not in shown


def test_a_script_in_the_text_is_shown_as_text(client: Client) -> None:
    receipt = receive("<script>alert('x')</script> 空调坏了，请来修理", subject="<img src=x onerror=alert(1)>")
    text = page(client, receipt)
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_a_message_with_a_file_is_added_once(client: Client) -> None:
    receipt = receive()
    form = {"text": "补充：机身条码 12345", "token": "t1"}
    for _ in range(2):
        upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n1 0 obj\n%%EOF")
        answer = client.post(f"/t/{receipt.tracking_code}/messages/", form | {"uploads": upload})
        assert answer.status_code == 302
    assert receipt.ticket.messages.count() == 1
    assert receipt.ticket.attachments.get().name == "a.pdf"
    assert "补充：机身条码 12345" in page(client, receipt)


def test_an_empty_message_is_refused_and_says_so(client: Client) -> None:
    receipt = receive()
    answer = client.post(f"/t/{receipt.tracking_code}/messages/", {"text": "\u200b \u3000"})
    assert answer.status_code == 422
    assert "id_text" in answer.content.decode()


def test_only_files_of_the_own_case_that_are_not_internal_are_served(client: Client) -> None:
    receipt, other = receive(), receive()
    rows = [
        files.store(SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4\n1 0 obj\n%%EOF " + str(n).encode()), at=NOON)
        for n in range(3)
    ]
    for row, ticket, internal in zip(rows, (receipt, receipt, other), (False, True, False), strict=True):
        row.ticket, row.internal = ticket.ticket, internal
        row.save()
    codes = [client.get(f"/t/{receipt.tracking_code}/files/{row.key}/").status_code for row in rows]
    assert codes == [200, 404, 404]
    assert client.get(f"/t/{receipt.tracking_code}/files/{uuid.uuid4()}/").status_code == 404
    served = client.get(f"/t/{receipt.tracking_code}/files/{rows[0].key}/")
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"]
    assert served["Content-Disposition"].startswith("attachment")


def test_a_customer_withdraws_and_it_stays_on_record(client: Client) -> None:
    receipt = receive()
    assert client.get(f"/t/{receipt.tracking_code}/withdraw/").status_code == 405
    client.post(f"/t/{receipt.tracking_code}/withdraw/")
    receipt.ticket.refresh_from_db()
    assert (receipt.ticket.status, receipt.ticket.void_reason) == ("void", "withdrawn")
    assert receipt.ticket.events.in_order().last().by_customer


def test_a_signed_link_opens_the_case_and_a_changed_one_does_not(client: Client) -> None:
    receipt = receive()
    path = "/" + links.signed_tracking_url(receipt.ticket).split("/", 3)[3]
    assert receipt.ticket.number in client.get(path).content.decode()
    forged = path.replace(f"/t/{receipt.ticket.pk}.", f"/t/{receipt.ticket.pk + 1}.")
    assert forged != path
    assert client.get(forged).status_code == 404


def test_the_page_costs_the_same_for_few_and_many_messages(
    client: Client, zhou: Any, django_assert_max_num_queries: Any
) -> None:
    receipt = receive()
    for number in range(30):
        tickets.reply(receipt.ticket, text=f"答复 {number}", by=zhou, at=NOON)
    with django_assert_max_num_queries(6):
        client.get(f"/t/{receipt.tracking_code}/")


def test_wrong_codes_from_one_address_are_limited_and_right_ones_are_not(client: Client) -> None:
    from django.core.cache import cache

    cache.clear()
    receipt = receive()
    statuses = [client.get(f"/t/{n}/", REMOTE_ADDR="203.0.113.9").status_code for n in range(31)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    assert client.get(f"/t/{receipt.tracking_code}/", REMOTE_ADDR="203.0.113.9").status_code == 200


def answered(gao: Any, chen: Any, after_sales: Any) -> tuple[Any, Any]:
    """The receipt of a case that was resolved, and the case as it was accepted."""
    receipt = receive(customer={"name": "王", "phone": "13800001234"})
    ticket = tickets.assign(receipt.ticket, department=after_sales, by=gao, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    tickets.resolve(ticket, text="已更换排水管。", by=chen, at=NOON)
    return receipt, ticket


def test_a_second_round_is_named_and_cannot_be_withdrawn(client: Client, gao: Any, chen: Any, after_sales: Any) -> None:
    receipt, ticket = answered(gao, chen, after_sales)
    address = f"/t/{receipt.tracking_code}/rate/"
    said = client.post(address, {"rating": "dissatisfied"}, follow=True).content.decode()
    assert "很抱歉没有帮到您" in said
    text = page(client, receipt)
    assert "二次处理" in text and "撤回" not in text
    client.post(f"/t/{receipt.tracking_code}/withdraw/")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.round) == ("assigned", 2)
    assert receipt.ticket.follow_ups.get(round=1).mode == "page"  # not the call that was planned
    assert client.get(f"/api/v1/feedback/{receipt.tracking_code}/").json()["can_withdraw"] is False


def test_a_rating_that_is_refused_shows_what_was_written(client: Client, gao: Any, chen: Any, after_sales: Any) -> None:
    receipt, _ticket = answered(gao, chen, after_sales)
    address = f"/t/{receipt.tracking_code}/rate/"
    none = client.post(address, {"comment": "师傅很耐心"})
    assert none.status_code == 422 and "师傅很耐心" in none.content.decode() and "aria-invalid" in none.content.decode()
    assert client.post(address, {"rating": "satisfied"}).status_code == 302
    late = client.post(address, {"rating": "neutral", "comment": "<b>又漏了</b>"})
    assert late.status_code == 422 and "&lt;b&gt;又漏了" in late.content.decode()


def test_why_it_takes_longer_is_told_of_this_round_only(client: Client, chen: Any, gao: Any, after_sales: Any) -> None:
    services_setup.create_defaults()
    receipt = receive("请问空调质保几年？", nature="inquiry")
    later = receipt.ticket.received_at + timedelta(days=40)
    ticket = tickets.assign(receipt.ticket, department=after_sales, owner=chen, by=gao, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.extend(ticket, new_due=later, reason="厂家周四答复", by=chen, at=NOON)
    ticket = tickets.decide_extension(ticket, granted=True, by=gao, at=NOON)
    assert "厂家周四答复" in page(client, receipt)
    ticket = tickets.resolve(ticket, text="整机质保六年。", by=chen, at=NOON)
    tickets.rate(ticket, rating="dissatisfied", at=NOON)
    assert "厂家周四答复" not in page(client, receipt)


@pytest.mark.parametrize(
    ("end", "said"),
    [("improvement_done", "您的建议已落实：扶手已装好"), ("improvement_dropped", "您的建议未能落实：扶手已装好")],
)
def test_what_came_of_a_suggestion_stands_there_also_after_it_was_archived(
    client: Client, chen: Any, zhou: Any, after_sales: Any, end: str, said: str
) -> None:
    receipt = receive("建议大厅门口装扶手，雨天地滑。", nature="suggestion")
    ticket = tickets.assign(receipt.ticket, department=after_sales, owner=chen, by=zhou, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.assess(
        ticket,
        verdict="adopt",
        reason="可行",
        improvement="装扶手",
        owner=chen,
        due_on=date(2027, 3, 1),
        by=chen,
        at=NOON,
    )
    ticket = tickets.resolve(ticket, text="您的建议已采纳，谢谢。", by=chen, at=NOON)
    ticket = tickets.close(ticket, by=zhou, at=NOON, reason="person")
    assert "扶手已装好" not in page(client, receipt)
    word = {"improvement_done": "text", "improvement_dropped": "reason"}[end]
    getattr(tickets, end)(ticket, by=chen, at=NOON + timedelta(days=60), **{word: "扶手已装好"})
    assert said in page(client, receipt)
    assert said in client.get(f"/api/v1/feedback/{receipt.tracking_code}/").content.decode()
