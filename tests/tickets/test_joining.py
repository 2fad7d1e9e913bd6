"""Merging, linking, splitting (both numbers live for ever), and the first contact that only the office changes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sla import services_setup
from tests.feedback.test_receive import receive
from tests.make import NOON, a_ticket
from tests.people import user
from tests.tickets.test_concurrency import at_once
from tickets import access, tracking
from tickets import services as tickets
from tickets.models import Customer, Link, Ticket

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def pair(after_sales):
    """Two cases of one customer, the earlier one first."""
    wang = Customer.objects.create(name="王小明", phone="13800001234", created_at=NOON)
    return a_ticket(customer=wang, department=after_sales), a_ticket(LATER, customer=wang, department=after_sales)


def test_the_later_case_goes_into_the_earlier_and_both_numbers_live(pair, zhou):
    first, second = pair
    code = tracking.new_code()
    Ticket.objects.filter(pk=second.pk).update(tracking_digest=tracking.digest(code))
    second = tickets.merge(second, into=first, by=zhou, at=LATER)
    assert (second.status, second.merged_into, second.first_contact) == ("void", first, None)
    assert access.get_by_tracking_code(code) == second, "the code proves who handed in this one, and no more"
    assert access.get_by_tracking_code(tracking.signed(second.pk, second.customer_id)) == first
    assert access.get_ticket(zhou, second.number) == second
    assert first.events.in_order().last().data == {"number": second.number}
    assert not second.clocks.filter(state="running").exists()


def test_the_earlier_case_never_goes_into_the_later(pair, zhou):
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.merge(pair[0], into=pair[1], by=zhou, at=LATER)


def test_cases_of_two_customers_are_not_merged(zhou):
    first, second = a_ticket(), a_ticket(LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.merge(second, into=first, by=zhou, at=LATER)


@pytest.mark.parametrize("into", ["itself", "a merged one", "a void one"])
def test_a_merge_is_refused_into(into, pair, zhou):
    first, second = pair
    third = a_ticket(LATER, customer=first.customer)
    if into == "a merged one":
        tickets.merge(second, into=first, by=zhou, at=LATER)
    if into == "a void one":
        tickets.void(second, reason="spam", by=zhou, at=LATER)
    target = third if into == "itself" else second
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.merge(third, into=target, by=zhou, at=LATER)


def test_a_merge_can_be_undone_and_the_department_has_its_case_again(pair, zhou, after_sales):
    first, second = pair
    second = tickets.merge(second, into=first, by=zhou, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.restore(second, by=zhou, at=LATER)
    second = tickets.unmerge(second, by=zhou, at=LATER)
    assert (second.status, second.department, second.merged_into, second.void_reason) == (
        "assigned", after_sales, None, "",
    )  # fmt: skip
    assert set(second.clocks.filter(state="running").values_list("metric", flat=True)) <= {"accept"}


def test_a_part_that_a_department_owes_is_owed_again_after_the_merge_was_undone(pair, zhou, chen, logistics):
    services_setup.create_defaults()
    first, second = pair
    second = tickets.accept(second, by=chen, at=LATER)
    limit = LATER + timedelta(days=2)
    second = tickets.co_assign(second, department=logistics, task="查运输", limit=limit, by=chen, at=LATER)
    second = tickets.merge(second, into=first, by=zhou, at=LATER)
    assert not second.clocks.filter(metric="co_task", state="running").exists()
    second = tickets.unmerge(second, by=zhou, at=LATER + timedelta(hours=1))
    assert second.clocks.get(metric="co_task", state="running").due_at == limit


def test_linking_is_symmetrical_and_stored_once(zhou):
    first, second = a_ticket(), a_ticket()
    tickets.link(second, other=first, by=zhou, at=NOON)
    assert [event.data["number"] for event in first.events.filter(kind="linked")] == [second.number]
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.link(first, other=second, by=zhou, at=NOON)
    assert Link.objects.count() == 1


def test_a_second_matter_gets_a_case_of_its_own(pair, zhou):
    first, _second = pair
    first = tickets.split(first, subject="墙面受损", content="请赔偿", nature="inquiry", by=zhou, at=LATER)
    part = Ticket.objects.get(parent=first)
    assert (part.customer, part.nature, part.status, part.received_at) == (first.customer, "inquiry", "new", LATER)
    assert first.events.in_order().last().data["number"] == part.number


def test_the_page_and_the_api_split_off_what_a_message_told(client, pair, zhou):
    first, second = pair
    client.force_login(zhou)
    page = client.get(first.get_absolute_url()).content.decode()
    asked = page.partition('name="message"')[2].partition("</select>")[0]
    assert asked.count("<option") == 1, "nothing was said after the first words"
    tickets.customer_message(first, text="另外，墙也被弄坏了，请赔偿。", at=LATER)
    tickets.customer_message(second, text="第二件的话", at=LATER)
    said = first.messages.get(direction="in")
    page = client.get(first.get_absolute_url()).content.decode()
    assert f'<option value="{said.pk}">2026年11月23日 14:00 另外，墙也被弄坏了，请赔偿。</option>' in page
    given = {"subject": "墙面受损", "content": "请赔偿", "nature": "complaint", "message": said.pk}
    first.refresh_from_db()
    address = reverse("tickets:move", args=[first.number, "split"])
    assert client.post(address, given | {"version": first.version, "message": 10**9}).status_code == 422
    assert client.post(address, given | {"version": first.version}).status_code == 302
    assert Ticket.objects.get(parent=first).received_at == LATER
    verb = f"/api/v1/tickets/{second.number}/split/"
    strange = client.post(verb, given, content_type="application/json")  # said in the other case
    assert strange.status_code in {400, 409}
    own = given | {"message": second.messages.get(direction="in").pk}
    assert client.post(verb, own, content_type="application/json").status_code == 200
    assert Ticket.objects.get(parent=second).received_at == LATER


def test_only_the_office_changes_the_first_contact(lin, chen, gao, zhou, after_sales):
    ticket = a_ticket(channel="phone", by=lin, department=after_sales)
    assert [access.may(person, "change_first_contact", ticket) for person in (lin, chen, gao, zhou)] == [
        False, False, False, True,
    ]  # fmt: skip
    ticket = tickets.change_first_contact(ticket, person=chen, reason="林知夏离职", by=zhou, at=NOON)
    assert ticket.first_contact == chen
    assert ticket.events.in_order().last().data["from"] == "lin"
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.change_first_contact(ticket, person=chen, reason="x", by=zhou, at=NOON)


def test_who_does_not_work_on_cases_is_made_nobodys_first_contact(lin, gao, zhou, office, client):
    ticket, reader = a_ticket(channel="phone", by=lin), user("shu", "舒悦", ["analyst"], office)
    with pytest.raises(tickets.ActionNotAllowed, match="不办理工单"):
        tickets.change_first_contact(ticket, person=reader, reason="x", by=zhou, at=NOON)
    client.force_login(zhou)
    page = client.get(ticket.get_absolute_url()).content.decode()
    form = page[page.index('action="' + reverse("tickets:move", args=[ticket.number, "change_first_contact"])) :]
    form = form[: form.index("</form>")]
    assert 'value="gao"' in form and 'value="shu"' not in form


def test_the_page_and_the_api_name_only_cases_that_one_sees(client, chen, gao, after_sales, logistics):
    mine, hidden = a_ticket(department=after_sales), a_ticket(department=logistics)
    tickets.accept(mine, by=chen, at=NOON)
    client.force_login(chen)
    mine.refresh_from_db()
    address = reverse("tickets:move", args=[mine.number, "link"])
    assert client.post(address, {"version": mine.version, "number": hidden.number}).status_code == 422
    answer = client.post(
        f"/api/v1/tickets/{mine.number}/link/", {"other": hidden.number}, content_type="application/json"
    )
    assert answer.status_code == 400
    other = a_ticket(department=after_sales)
    assert client.post(address, {"version": mine.version, "number": other.number}).status_code == 302
    assert other.number in client.get(mine.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_a_into_b_and_b_into_a_one_is_refused(pair, zhou):
    first, second = pair
    outcome = at_once(
        lambda: tickets.merge(first, into=second, by=zhou, at=LATER),
        lambda: tickets.merge(second, into=first, by=zhou, at=LATER),
    )
    assert [type(result) for result in outcome].count(tickets.ActionNotAllowed) == 1
    assert Ticket.objects.exclude(merged_into=None).count() == 1


def test_the_page_of_a_merged_case_leads_on_and_offers_nothing_for_the_customer(client, pair, zhou):
    first, second = pair
    second = tickets.merge(second, into=first, by=zhou, at=LATER)
    client.force_login(zhou)
    page = client.get(second.get_absolute_url()).content.decode()
    notice = page[page.index('class="notice warn"') :].partition("</div>")[0]
    assert f'href="{first.get_absolute_url()}"' in notice
    assert 'name="verb" value="note"' in page and 'name="via"' not in page
    assert 'name="via"' in client.get(first.get_absolute_url()).content.decode()


def test_who_hands_in_under_somebodys_name_and_number_reads_nothing_of_their_case(client, zhou, after_sales):
    """Both rows are one customer's for the form; only what went to the address on record proves it (0060, 0099)."""
    contact = {"name": "王小明", "phone": "13800001234"}
    own = receive(text="空调漏水，家里老人摔伤，住文三路 1 号 301 室。", customer=contact)
    strange = receive(text="空调漏水，请处理。", customer=contact)
    assert strange.ticket.customer == own.ticket.customer
    tickets.reply(own.ticket, text="已派师傅上门，王先生。", by=zhou, at=LATER)
    tickets.merge(strange.ticket, into=own.ticket, by=zhou, at=LATER)
    page = client.get(f"/t/{strange.tracking_code}/")
    shown = page.content.decode()
    assert page.status_code == 200 and "请处理" in shown
    assert own.ticket.number in shown and reverse("feedback:lost-code") in shown
    assert "文三路" not in shown and "王先生" not in shown and 'id="reply"' not in shown
    said = client.get(f"/api/v1/feedback/{strange.tracking_code}/").json()
    assert (said["number"], said["merged_into"]) == (strange.ticket.number, own.ticket.number)
    assert "文三路" not in str(said)
    assert "王先生" in client.get(f"/t/{own.tracking_code}/").content.decode()
    by_mail = tracking.signed(strange.ticket.pk, strange.ticket.customer_id)
    assert "王先生" in client.get(f"/t/{by_mail}/").content.decode()
