"""C2.3: numbered suggestion boxes, each opening on record before a witness, its slips entered, weekly reminders."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.services_regions import load_regions
from feedback.models import Box, BoxOpening, PaperItem, RawMessage
from feedback.paper import services as boxes
from notices.models import Notice
from tests.feedback.test_form import picture
from tests.make import moment
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-16 10:00")
SLIP = "等候区座位太少，老人要站很久。"


@pytest.fixture
def hall(gao) -> Box:
    return boxes.save_box(Box(number="B-01", place="营业厅一楼", keeper=gao), at=MONDAY)


def opened(hall, lin, *, count: int = 3, **changes: Any) -> BoxOpening:
    fields = {"opened_at": MONDAY + timedelta(hours=1), "opener": lin, "witness": "吴保安", "count": count, "by": lin}
    return boxes.open_box(hall, at=MONDAY + timedelta(hours=2), **fields | changes)


def grid(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {f"r{index}-{name}": value for index, row in enumerate(rows) for name, value in row.items()} | more


def test_a_box_is_due_at_the_end_of_the_seventh_day_after_its_opening(hall, lin):
    opened(hall, lin)
    hall.refresh_from_db()
    assert hall.due_at == moment("2026-11-24 00:00")


def test_another_interval_moves_the_due_day(hall, lin):
    opened(hall, lin)
    hall.refresh_from_db()
    hall.every_days = 3
    boxes.save_box(hall, at=MONDAY + timedelta(days=1))
    assert hall.due_at == moment("2026-11-20 00:00")


@pytest.mark.parametrize(
    "changes",
    [{"witness": "林知夏"}, {"witness": " lin "}, {"opened_at": MONDAY + timedelta(days=1)}],
    ids=["the opener as witness", "by account", "in the future"],
)
def test_a_record_that_cannot_be_right_is_refused(hall, lin, changes):
    with pytest.raises(boxes.BoxRefused):
        opened(hall, lin, **changes)
    assert not BoxOpening.objects.exists()


def test_an_opening_before_the_latest_is_refused(hall, lin):
    opened(hall, lin)
    with pytest.raises(boxes.BoxRefused):
        opened(hall, lin)


def test_an_empty_box_is_finished_at_once(hall, lin):
    assert opened(hall, lin, count=0).is_finished


def test_keeper_and_office_are_reminded_once_a_week_until_it_is_opened(hall, lin, gao, zhou):
    late = moment("2026-11-24 08:30")
    assert boxes.remind(late - timedelta(hours=9)) == 0
    assert boxes.remind(late) == 1
    assert boxes.remind(late) == 0
    told = Notice.objects.filter(kind="box_due", channel="in_app")
    assert set(told.values_list("user__username", flat=True)) == {"gao", "zhou"}
    assert Notice.objects.filter(kind="box_due", channel="email").get().user == gao
    assert boxes.remind(late + timedelta(days=3)) == 0
    assert boxes.remind(late + timedelta(days=7)) == 1
    assert told.count() == 4
    boxes.open_box(
        hall, opened_at=late + timedelta(days=8), opener=lin, witness="吴保安", count=0, by=lin,
        at=late + timedelta(days=8),
    )  # fmt: skip
    assert boxes.remind(late + timedelta(days=14)) == 0


def test_after_a_long_outage_one_reminder_goes_out_and_a_box_out_of_use_has_none(hall, gao, zhou):
    Box.objects.create(number="B-02", place="仓库", is_active=False, created_at=MONDAY, due_at=MONDAY, remind_at=MONDAY)
    assert boxes.remind(MONDAY + timedelta(days=60)) == 1
    assert Notice.objects.filter(kind="box_due", user=zhou).count() == 1


def test_slips_become_cases_of_the_box_received_when_it_was_opened(client, hall, lin):
    load_regions()
    Box.objects.filter(pk=hall.pk).update(region="330100")
    row = opened(hall, lin)
    client.force_login(lin)
    sent = grid(
        {"content": SLIP, "nature": "suggestion"}, {"content": "空调太吵", "name": "王小明", "phone": "138 0000 1234"}
    )
    assert client.post(f"/boxes/openings/{row.pk}/", sent).status_code == 302
    first, second = Ticket.objects.order_by("number")
    assert (first.channel, first.place, first.region_id, first.anonymous) == ("box", "营业厅一楼", "330100", True)
    assert (first.received_at, first.first_contact) == (row.opened_at, lin)
    assert (second.customer.phone, second.anonymous) == ("13800001234", False)
    assert [slip.ticket for slip in row.slips.all()] == [first, second]
    assert RawMessage.objects.filter(channel="box", ticket=first).exists()


def test_a_row_in_error_comes_back_as_typed_and_the_others_are_registered(client, hall, lin):
    row = opened(hall, lin)
    client.force_login(lin)
    sent = grid({"content": SLIP}, {"content": "屏幕坏了", "phone": "12345"}, {"content": "", "name": "李四"}, {})
    answer = client.post(f"/boxes/openings/{row.pk}/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [sorted(one.errors) for one in answer.context["wrong"]] == [["phone"], ["content"]]
    assert "屏幕坏了" in page
    assert "李四" in page
    assert Ticket.objects.count() == 1


def test_the_same_page_sent_twice_enters_no_slip_twice(client, hall, lin):
    row = opened(hall, lin)
    client.force_login(lin)
    sent = grid({"content": SLIP}, {"content": SLIP}, {"content": "谢谢"})
    client.post(f"/boxes/openings/{row.pk}/", sent)
    assert Ticket.objects.count() == 3  # two slips on one page may say the same
    again = client.post(f"/boxes/openings/{row.pk}/", sent)
    assert again.status_code == 422
    assert Ticket.objects.first().number in again.content.decode()
    assert client.post(f"/boxes/openings/{row.pk}/", sent | {"leave_out": "1"}).status_code == 302
    assert Ticket.objects.count() == 3
    another = grid({"content": SLIP, "another": "1"})
    assert client.post(f"/boxes/openings/{row.pk}/", another).status_code == 302
    assert list(PaperItem.objects.filter(digest=PaperItem.objects.first().digest).values_list("copy", flat=True)) == [
        0,
        1,
        2,
    ]


def test_a_number_that_differs_from_the_record_has_to_be_explained(client, hall, lin):
    row = opened(hall, lin, count=2)
    client.force_login(lin)
    client.post(f"/boxes/openings/{row.pk}/", grid({"content": SLIP}))
    client.post(f"/boxes/openings/{row.pk}/finish/", {"difference": "  "})
    row.refresh_from_db()
    assert not row.is_finished
    client.post(f"/boxes/openings/{row.pk}/finish/", {"difference": "一张空白"})
    row.refresh_from_db()
    assert (row.is_finished, row.difference, row.finished_by) == (True, "一张空白", lin)
    late = client.post(f"/boxes/openings/{row.pk}/", grid({"content": "又找到一张"}))
    assert late.status_code == 422
    assert Ticket.objects.count() == 1


def test_a_scan_stays_with_its_slip_also_when_the_row_is_in_error(client, hall, lin):
    row = opened(hall, lin)
    client.force_login(lin)
    answer = client.post(f"/boxes/openings/{row.pk}/", grid({"content": "", "uploads": picture()}))
    mark = answer.context["wrong"][0].shown_scans()[0][0]
    client.post(f"/boxes/openings/{row.pk}/", grid({"content": SLIP, "kept": mark}))
    assert Ticket.objects.get().attachments.count() == 1


def test_a_file_that_is_refused_leaves_the_words(client, hall, lin):
    row = opened(hall, lin)
    client.force_login(lin)
    bad = SimpleUploadedFile("a.exe", b"MZ\x90\x00" + b"\0" * 100)
    answer = client.post(f"/boxes/openings/{row.pk}/", grid({"content": SLIP, "uploads": bad}))
    assert (answer.status_code, Ticket.objects.count()) == (422, 0)
    assert SLIP in answer.content.decode()


def test_more_rows_without_a_script_keep_what_is_typed_and_judge_nothing(client, hall, lin):
    row = opened(hall, lin)
    client.force_login(lin)
    page = client.post(f"/boxes/openings/{row.pk}/", grid({"content": ""}, {"content": SLIP, "phone": "1"}, more="1"))
    assert page.status_code == 200
    assert len(page.context["rows"]) == 11
    assert SLIP in page.content.decode()
    assert not Ticket.objects.exists()


def test_the_office_keeps_the_register_and_prints_labels(client, zhou, lin, gao):
    client.force_login(zhou)
    form = {"number": "B-07", "place": "西门", "keeper": gao.pk, "every_days": "7", "is_active": "on"}
    assert client.post("/boxes/new/", form).status_code == 302
    assert client.post("/boxes/new/", form).status_code == 422
    assert client.post("/boxes/new/", form | {"number": "B 8/"}).status_code == 422
    assert client.post("/boxes/new/", form | {"number": "B-8", "every_days": "0"}).status_code == 422
    assert client.post("/boxes/new/", form | {"number": "B-8", "place": "\u200b\u202e"}).status_code == 422
    box = Box.objects.get()
    assert "data:image/svg+xml" in client.get("/boxes/labels/?box=B-07").content.decode()
    in_english = client.get("/boxes/labels/?box=B-07&language=en").content.decode()
    assert '<div lang="en">' in in_english and "Suggestion box" in in_english
    assert 'href="?box=B-07&amp;language=zh-hans"' in in_english
    client.post(f"/boxes/{box.pk}/", form | {"number": "X", "place": "\u202e东门 ", "save": "1"})
    box.refresh_from_db()
    assert (box.number, box.place) == ("B-07", "东门")
    client.force_login(lin)
    assert client.get("/boxes/new/").status_code == 403
    client.post(f"/boxes/{box.pk}/", form | {"place": "南门", "save": "1"})
    box.refresh_from_db()
    assert box.place == "东门"


def test_the_code_on_the_box_leads_strangers_to_the_form_and_colleagues_to_the_record(client, hall, lin):
    answer = client.get("/b/B-01/", follow=True)
    assert "营业厅一楼" in answer.content.decode()
    assert client.get("/b/B-99/").status_code == 404
    client.force_login(lin)
    assert client.get("/b/B-01/").url == f"/boxes/{hall.pk}/"


def test_a_keeper_sees_and_opens_the_own_box_alone(client, hall, gao, chen, lin):
    other = boxes.save_box(Box(number="B-02", place="别处"), at=MONDAY)
    client.force_login(gao)
    assert client.get(f"/boxes/{hall.pk}/").status_code == 200
    assert client.get(f"/boxes/{other.pk}/").status_code == 404
    now = timezone.localtime()
    form = {"opened_at": f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%M}", "opener": "gao", "witness": "吴", "count": "4"}
    assert client.post(f"/boxes/{other.pk}/", form | {"open": "1"}).status_code == 404
    assert client.post(f"/boxes/{hall.pk}/", form | {"open": "1"}).status_code == 302
    assert client.get(f"/boxes/openings/{BoxOpening.objects.get().pk}/").status_code == 403
    client.force_login(chen)
    assert client.get("/boxes/").status_code == 403
    assert client.get(f"/boxes/{hall.pk}/").status_code == 404


def test_an_auditor_reads_boxes_and_records_nothing(client, hall, xu):
    client.force_login(xu)
    assert client.get(f"/boxes/{hall.pk}/").status_code == 200
    assert client.post(f"/boxes/{hall.pk}/", {"open": "1"}).status_code == 403


@pytest.mark.parametrize("count", [3, 30])
def test_the_register_costs_the_same_for_few_and_many(client, lin, gao, count, django_assert_max_num_queries):
    for index in range(count):
        boxes.save_box(Box(number=f"B-{index}", place="某处", keeper=gao), at=MONDAY)
    client.force_login(lin)
    with django_assert_max_num_queries(9):
        client.get("/boxes/")
