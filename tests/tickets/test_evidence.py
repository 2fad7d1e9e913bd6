"""Files stand beside the move that they prove, whoever made it, and the customer sees none of them (B3.4)."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from feedback.case import case_of
from reports import case_file
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.attachments import files
from tickets.models import Attachment, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(by, name="照片.txt"):
    return files.store(SimpleUploadedFile(name, f"{name} 的内容".encode()), at=NOON, by=by)


@pytest.fixture
def led(chen, after_sales):
    return tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)


MOVES = {
    "investigate": {"facts": "排水口堵塞"},
    "agree": {"agreed": True, "text": "同意周六上门"},
    "report": {"text": "已更换"},
    "co_done": {"text": "外箱完好"},
    "return_to_dispatch": {"reason": "not_ours"},
}


@pytest.mark.parametrize("verb", MOVES)
def test_it_stands_beside_its_move_and_not_below_the_customers_words(
    verb, client, chen, han, zhou, after_sales, logistics
):
    ticket, by = a_ticket(department=after_sales), chen
    if verb != "return_to_dispatch":
        ticket = tickets.accept(ticket, by=chen, at=NOON)
    if verb == "agree":
        ticket = tickets.plan(ticket, measures="更换", by=chen, at=NOON)
    if verb == "co_done":
        ticket, by = tickets.co_assign(ticket, department=logistics, task="查外箱", by=chen, at=NOON), han
    client.force_login(by)
    typed = MOVES[verb] | {"version": ticket.version, "files": [SimpleUploadedFile("证据.txt", "批号".encode())]}
    if verb == "agree":
        typed["agreed"] = "yes"
    assert client.post(reverse("tickets:move", args=[ticket.number, verb]), typed).status_code == 302
    kept = ticket.attachments.get()
    assert (kept.event.kind, kept.internal, kept.uploaded_by) == (verb, True, by)
    client.force_login(zhou)
    page = client.get(ticket.get_absolute_url())
    assert page.context["first_files"] == []
    beside = [item for item in page.context["thread"] if item.get("files")]
    assert [(item["event"].kind, item["files"]) for item in beside] == [(verb, [kept])]
    assert "证据.txt" not in repr(case_of(Ticket.objects.get(pk=ticket.pk)))


def test_the_case_file_names_it_where_it_was_added(led, chen, zhou):
    ticket = tickets.investigate(led, facts="排水口堵塞", attachments=[photo(chen)], by=chen, at=NOON)
    (told,) = [line for line in case_file.gather(ticket, zhou, NOON, full=True).rounds[0].story if line["files"]]
    assert (told["kind"], told["files"]) == ("investigate", ["照片.txt"])


def test_by_the_api_only_files_of_ones_own_that_lie_nowhere_yet(client, led, chen, gao):
    ticket = tickets.investigate(led, facts="排水口堵塞", attachments=[photo(chen, "已用.txt")], by=chen, at=NOON)
    used, others, own = ticket.attachments.get(), photo(gao, "别人的.txt"), photo(chen, "自己的.txt")
    client.force_login(chen)
    address = f"/api/v1/tickets/{ticket.number}/report/"
    ticket = tickets.plan(ticket, measures="更换", by=chen, at=NOON)
    for row, status in ((used, 400), (others, 400), (own, 200)):
        body = json.dumps({"text": "已更换", "attachments": [str(row.key)]})
        assert client.post(address, body, content_type="application/json").status_code == status
    assert dict(Attachment.objects.values_list("name", "event__kind")) == {
        "已用.txt": "investigate", "别人的.txt": None, "自己的.txt": "report",
    }  # fmt: skip


def test_who_did_a_part_is_on_record_as_its_owner(led, chen, han, logistics):
    ticket = tickets.co_assign(led, department=logistics, task="查外箱", by=chen, at=NOON)
    ticket = tickets.co_done(ticket, text="外箱完好", by=han, at=NOON)
    assert ticket.assignments.get(role="co").owner == han
