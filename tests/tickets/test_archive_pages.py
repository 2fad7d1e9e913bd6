"""The archive by page: search within what one may see, the reading log, holds, and lists to be erased (D6)."""

import random
from datetime import timedelta

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLog
from tests.make import NOON, a_ticket
from tickets import defaults
from tickets import services as tickets
from tickets.archive import services as services_archive
from tickets.archive import services_erasure, services_filing
from tickets.models import ArchiveRecord, ErasureItem, ErasureList, LegalHold, Ticket

pytestmark = pytest.mark.django_db
PAGE = "/archive/"


def archived(chen, department, **fields):
    ticket = tickets.accept(a_ticket(department=department, **fields), by=chen, at=NOON)
    return tickets.close(tickets.resolve(ticket, text="好了，谢谢。", by=chen, at=NOON), by=None, at=NOON)


@pytest.fixture
def case(chen, after_sales):
    defaults.create_archive_classes()
    return archived(chen, after_sales)


def shown(client, **asked):
    return [row.ticket for row in client.get(PAGE, asked).context["rows"]]


def test_everybody_finds_what_they_may_see_and_nothing_else(client, case, chen, han, zhou, xu, logistics):
    other = archived(han, logistics, subject="快递破损")
    for person, seen in ((chen, {case}), (han, {other}), (zhou, {case, other}), (xu, {case, other})):
        client.force_login(person)
        assert set(shown(client)) == seen
    client.force_login(han)
    assert shown(client, q="漏水") == [] and shown(client, q=case.archive.number) == []


def test_it_is_searched_by_words_by_either_number_and_by_filters(client, case, chen, zhou, after_sales):
    other = archived(chen, after_sales, nature="inquiry", subject="保修多久", content="想问保修期")
    client.force_login(zhou)
    assert shown(client, q="漏水") == [case]
    assert shown(client, q="DA-2026-ZX") == [other] and shown(client, q=case.number) == [case]
    assert shown(client, kind="TS") == [case]
    assert shown(client, department="after_sales") == [other, case]
    assert shown(client, since="2026-11-24") == [] and len(shown(client, until="2026-11-23")) == 2
    services_filing.hold(case, reason="诉讼", by=zhou, at=NOON)
    assert shown(client, kept="held") == [case] and shown(client, kept="erased") == []
    ArchiveRecord.objects.filter(ticket=other).update(keep_until=timezone.localdate() - timedelta(days=1))
    assert shown(client, kept="over") == [other]


SAID = (
    "上周六安装的挂机一直滴水，墙面湿了一片，师傅说是排水管坡度问题。",
    "送货员要求另付楼层费才肯搬上楼，态度很差！",
    "安装师傅态度很好，墙面没有湿，排水管也装好了。",
)


def test_any_substring_of_chinese_characters_finds_the_archived_cases_that_like_finds(
    client, case, chen, han, logistics
):
    for number, said in enumerate(SAID):
        archived(chen, case.department, subject=str(number), content=said)
    archived(han, logistics, subject="x", content=SAID[0])
    mine = Ticket.objects.filter(department=case.department)
    client.force_login(chen)
    dice = random.Random(11)
    for _try in range(60):
        said = dice.choice(SAID)
        start = dice.randrange(len(said) - 6)
        word = "".join(sign for sign in said[start : start + dice.randint(1, 6)] if sign not in "，。！")
        like = Q(subject__contains=word) | Q(content__contains=word) | Q(messages__text__contains=word)
        if word and word in said:
            assert {row.pk for row in shown(client, q=word)} == set(mine.filter(like).values_list("pk", flat=True)), (
                word
            )


@pytest.mark.parametrize("asked", [{"kind": "<x>"}, {"since": "9999999-1-1"}, {"kept": "x"}, {"q": "x" * 300}])
def test_odd_questions_are_refused_in_words(client, case, zhou, asked):
    client.force_login(zhou)
    answer = client.get(PAGE, asked)
    assert answer.status_code == 422 and list(answer.context["rows"]) == []


def test_a_list_of_thirty_costs_as_many_queries_as_one_of_three(
    client, case, chen, zhou, after_sales, django_assert_max_num_queries
):
    for _number in range(30):
        archived(chen, after_sales)
    client.force_login(zhou)
    with django_assert_max_num_queries(12):
        assert len(shown(client)) == 31


def test_the_reading_log_stands_on_the_record_for_office_and_auditors(client, case, chen, zhou, xu):
    services_archive.log_reading(chen, case, purpose="核对同类问题", at=timezone.now())
    address = reverse("tickets:archive-record", args=[case.number])
    for person in (zhou, xu):
        client.force_login(person)
        said = client.get(address).content.decode()
        assert "核对同类问题" in said and "陈思源" in said and case.content not in said
    client.force_login(chen)
    assert "核对同类问题" not in client.get(address).content.decode()


def test_a_hold_is_set_and_lifted_on_the_record(client, case, xu, chen, han):
    address = reverse("tickets:archive-record", args=[case.number])
    client.force_login(chen)
    assert client.post(address, {"reason": "x", "hold": "1"}).status_code == 403
    client.force_login(han)
    assert client.post(address, {"reason": "x", "hold": "1"}).status_code == 404
    client.force_login(xu)
    assert client.post(address, {"reason": " ", "hold": "1"}).status_code == 422
    assert client.post(address, {"reason": "消协来函", "hold": "1"}).status_code == 302
    assert client.post(address, {"reason": "再次", "hold": "1"}).status_code == 409
    assert "消协来函" in client.get(address).content.decode()
    assert client.post(address, {"reason": "已办结", "lift": "1"}).status_code == 302
    assert LegalHold.objects.get().lifted_reason == "已办结"


def test_a_list_goes_from_the_office_to_leadership_by_page(
    client, case, zhou, tang, chen, django_capture_on_commit_callbacks
):
    late = NOON + timedelta(days=366 * 6)
    services_erasure.gather(at=late)
    found, item = ErasureList.objects.get(), ErasureItem.objects.get()
    address = reverse("tickets:erasure", args=[found.pk])
    client.force_login(chen)
    assert client.get(address).status_code == 403 and client.post(address, {"propose": "1"}).status_code == 403
    client.force_login(tang)
    assert client.post(address, {"propose": "1"}).status_code == 409
    client.force_login(zhou)
    assert client.post(address, {"propose": "1"}).status_code == 302
    assert client.post(address, {"approved": "yes", "reason": "同意"}).status_code == 409
    client.force_login(tang)
    assert client.post(address, {"approved": "", "reason": ""}).status_code == 422
    assert client.post(address, {"approved": "yes", "reason": "同意销毁"}).status_code == 302
    services_erasure.erase_approved(at=late)
    said = client.get(address).content.decode()
    assert "已销毁" in said and "同意销毁" in said
    assert Ticket.objects.get().content == "" and ErasureItem.objects.get() == item
    client.force_login(zhou)
    assert client.get(case.get_absolute_url()).status_code == 200


def test_a_case_is_struck_out_with_a_reason_by_page(client, case, zhou):
    services_erasure.gather(at=NOON + timedelta(days=366 * 6))
    item = ErasureItem.objects.get()
    client.force_login(zhou)
    client.post(reverse("tickets:strike", args=[item.pk]), {"reason": " "})
    assert ErasureItem.objects.get().kept == ""
    client.post(reverse("tickets:strike", args=[item.pk]), {"reason": "产品召回仍在进行"})
    assert ErasureItem.objects.get().kept == "产品召回仍在进行"
    assert "产品召回" in client.get(reverse("tickets:erasure", args=[item.list_id])).content.decode()


def test_an_auditor_can_change_nothing_of_a_case(client, chen, xu, after_sales):
    """Every move by page, on an open case and on an archived one: refused, and nothing is written but the log."""
    from tickets.workflow import MOVES

    defaults.create_archive_classes()
    cases = [a_ticket(department=after_sales), archived(chen, after_sales)]
    client.force_login(xu)
    before = list(Ticket.objects.order_by("pk").values())
    for ticket in cases:
        for verb in MOVES:
            typed = {"version": ticket.version, "text": "x", "reason": "other", "department": "after_sales"}
            answer = client.post(reverse("tickets:move", args=[ticket.number, verb]), typed)
            assert answer.status_code in {403, 404}, verb
        assert (
            client.post(reverse("tickets:move", args=[ticket.number, "say"]), {"verb": "note", "text": "x"}).status_code
            == 403
        )
    assert list(Ticket.objects.order_by("pk").values()) == before
    assert not AccessLog.objects.exists()
