"""The one door: what is stored, judged, routed and told when feedback comes in."""

import json
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Region
from feedback import services
from feedback.content import Content, headline
from feedback.defaults import create_defaults
from feedback.models import Correction, KeywordRule, RawMessage
from notices.models import Notice
from tests.make import NOON
from tickets import services as tickets
from tickets import tracking
from tickets.models import Category, Customer, Ticket

pytestmark = pytest.mark.django_db
LEAK = "上周六安装的空调一直滴水，两次上门都没有修好，我要投诉。"


def receive(text: str = LEAK, *, customer: dict[str, str] | None = None, **fields: Any) -> services.Receipt:
    return services.receive(
        channel=fields.pop("channel", "web"),
        raw=text.encode(),
        claimed_at=None,
        received_at=NOON,
        customer=customer,
        content=Content(text=text, **fields),
        by=fields.pop("by", None),
        at=NOON,
    )


def test_a_headline_ends_between_words_and_holds_more_latin_letters() -> None:
    asked = "Is installation included in the price of the washing machine?"
    assert headline(asked) == asked
    assert headline("word " * 30) == "word " * 19 + "word…"
    assert headline("installation " * 10) == "installation " * 6 + "installation…"
    assert headline("漏" * 60) == "漏" * 50 + "…"
    assert headline("空调 " + "a" * 60) == "空调 " + "a" * 47 + "…"


def test_what_came_in_is_kept_as_it_came() -> None:
    receipt = services.receive(
        channel="app", raw=b'{"content" :  "x"}', claimed_at=None, received_at=NOON, customer=None,
        content={"text": LEAK}, at=NOON,
    )  # fmt: skip
    row = RawMessage.objects.get()
    assert bytes(row.raw) == b'{"content" :  "x"}'
    assert (row.ticket, row.state) == (receipt.ticket, "done")


def test_the_code_opens_the_ticket_and_is_stored_nowhere() -> None:
    receipt = receive()
    assert Ticket.objects.get(tracking_digest=tracking.digest(receipt.tracking_code)) == receipt.ticket
    for row in [*Ticket.objects.values(), *RawMessage.objects.values(), *Notice.objects.values()]:
        assert receipt.tracking_code not in str(row)


def test_the_senders_own_nature_wins_and_the_verdict_is_kept() -> None:
    ticket = receive(nature="suggestion").ticket
    assert ticket.nature == "suggestion"
    assert ticket.tier == "L3"
    assert ticket.verdict["nature"] == "complaint"


def test_the_category_decides_the_responsible_department(after_sales: Any) -> None:
    category = Category.objects.create(code="after_sales", name="售后", department=after_sales)
    ticket = receive("师傅上门维修了两次，售后一直不给退款，也不给换货。", category="after_sales").ticket
    assert (ticket.category, ticket.department, ticket.status) == (category, after_sales, "assigned")


def test_a_danger_is_l1_whatever_it_is_called_and_leadership_is_told_at_once(zhou: Any, lin: Any, tang: Any) -> None:
    create_defaults(NOON)
    ticket = receive("你们的电池充电时起火，烧伤了孩子的手。", nature="suggestion").ticket
    assert ticket.tier == "L1"
    told = Notice.objects.filter(kind="major", channel="in_app")
    assert {notice.user for notice in told} == {zhou, lin, tang}
    assert all(notice.urgent for notice in told)
    assert Notice.objects.filter(kind="major", channel="email", user=tang).exists()


def test_an_alert_word_tells_the_office_and_agents_on_duty_only(zhou: Any, lin: Any, tang: Any, chen: Any) -> None:
    create_defaults(NOON)
    lin.is_absent = True
    lin.save()
    receive("紧急！请尽快派人来处理一下门口的积水问题。")
    assert [notice.user for notice in Notice.objects.filter(kind="alert")] == [zhou]


def test_no_rule_no_alert(zhou: Any) -> None:
    KeywordRule.objects.create(code="r", name="r", words=["紧急"], effect="alert", value="urgent", is_active=False)
    receive("紧急！请尽快派人来处理一下门口的积水问题。")
    assert not Notice.objects.filter(kind="alert").exists()


def test_the_customer_gets_a_mail_with_a_signed_link_that_opens_the_case(client: Any) -> None:
    ticket = receive(customer={"name": "王小明", "email": "wang@example.com"}).ticket
    notice = Notice.objects.get(kind="received")
    assert (notice.address, notice.topic) == ("wang@example.com", ticket.number)
    page = client.get(notice.context["url"].split("8000", 1)[-1])
    assert ticket.number in page.content.decode()


def test_without_an_address_nobody_is_mailed() -> None:
    receive(customer={"name": "王小明", "phone": "13800001234"})
    assert not Notice.objects.filter(channel="email").exists()


def test_anonymous_feedback_has_no_customer_even_when_a_name_is_given() -> None:
    ticket = receive(anonymous=True, customer={"name": "王小明", "phone": "13800001234"}).ticket
    assert ticket.customer is None
    assert not Customer.objects.exists()


def test_the_same_phone_alone_does_not_make_the_same_customer() -> None:
    first = receive(customer={"name": "王小明", "phone": "13800001234", "email": "a@example.com"}).ticket.customer
    again = receive(customer={"name": "王小明", "phone": "13800001234"}).ticket.customer
    other = receive(customer={"name": "李四", "phone": "13800001234"}).ticket.customer
    claims = receive(customer={"name": "王小明", "phone": "13800001234", "email": "b@example.com"}).ticket.customer
    assert first == again
    assert len({first, other, claims}) == 3


def test_a_stranger_cannot_take_over_an_external_id() -> None:
    mine = receive(customer={"external_id": "C1", "name": "王", "email": "w@example.com"}).ticket.customer
    theirs = receive(customer={"external_id": "C1", "name": "贼", "email": "x@example.com"}).ticket.customer
    assert mine != theirs
    assert theirs.external_id == ""


def test_the_place_where_it_happened_names_the_region_before_the_story_does() -> None:
    rows = (
        ("330106", "西湖区", "浙江省杭州市西湖区"),
        ("330203", "海曙区", "浙江省宁波市海曙区"),
        ("320100", "南京市", "江苏省南京市"),
    )
    Region.objects.bulk_create(Region(code=code, name=name, full_name=full, level=3) for code, name, full in rows)
    told = "在南京买的空调，装好后一直滴水。"
    assert receive(told, place="杭州市西湖区文三路 90 号").ticket.region_id == "330106"
    assert receive(told, place="文三路 90 号").ticket.region_id == "320100"
    assert receive(told, region="宁波海曙区", place="杭州市西湖区").ticket.region_id == "330203"


def test_a_region_is_found_by_its_name_and_else_kept_as_words() -> None:
    zhejiang = Region.objects.create(code="330000", name="浙江省", full_name="浙江省", level=1)
    hangzhou = Region.objects.create(code="330100", name="杭州市", full_name="浙江省杭州市", level=2, parent=zhejiang)
    assert receive(region="浙江省 杭州市").ticket.region == hangzhou
    assert receive(region="330100").ticket.region == hangzhou
    nowhere = receive(region="火星基地").ticket
    assert (nowhere.region, nowhere.region_text) == (None, "火星基地")


def test_few_stars_in_a_shop_are_a_bad_review_and_a_complaint() -> None:
    ticket = receive("东西一般般，和图片差不多吧", channel="review", stars=2).ticket
    assert (ticket.is_bad_review, ticket.nature) == (True, "complaint")
    assert not receive("东西非常好，下次还来", channel="review", stars=5).ticket.is_bad_review


def test_a_correction_of_the_classifier_is_kept_to_learn_from(zhou: Any) -> None:
    ticket = receive().ticket
    tickets.classify(ticket, by=zhou, at=NOON, nature="inquiry")
    row = Correction.objects.get(field="nature")
    assert (row.proposed, row.corrected, row.by) == ("complaint", "inquiry", zhou)


def test_the_customer_is_told_of_answers_in_their_own_words_once(zhou: Any) -> None:
    ticket = receive(customer={"name": "王", "email": "w@example.com"}).ticket
    tickets.reply(ticket, text="明天上午师傅上门。", by=zhou, at=NOON)
    tickets.reply(ticket, text="已电话联系。", by=zhou, at=NOON, via="phone")
    tickets.note(ticket, text="内部：老客户", by=zhou, at=NOON)
    tickets.resolve(ticket, text="排水管已更换，谢谢您。", by=zhou, at=NOON)
    mails = Notice.objects.filter(address="w@example.com").exclude(kind="received").order_by("pk")
    assert [(mail.kind, mail.context["text"]) for mail in mails] == [
        ("replied", "明天上午师傅上门。"),
        ("replied", "排水管已更换，谢谢您。"),
    ]


def test_every_mail_has_a_subject_and_a_body_in_both_languages() -> None:
    from notices import wording

    context = {"subject": "空调漏水", "url": "http://x/t/1/", "name": "王", "text": "答复", "reason": "duplicate"}
    for kind in ("received", "replied", "question", "resolved", "reopened", "void"):
        row = Notice(kind=kind, topic="Q20261123-000001", context=context, language="en")
        subject, body = wording.words(row)
        assert "Q20261123-000001" in subject
        assert len(body) > 40


def test_a_message_on_an_archived_case_opens_a_linked_one(zhou: Any) -> None:
    ticket = receive(customer={"name": "王", "email": "w@example.com"}).ticket
    tickets.resolve(tickets.reply(ticket, text="好了", by=zhou, at=NOON), by=zhou, at=NOON)
    ticket = tickets.close(ticket, by=None, at=NOON)
    receipt = services.hear(ticket, text="又漏水了，请再来看看。", at=timezone.now())
    assert receipt is not None
    assert receipt.ticket.parent == ticket
    assert receipt.ticket.customer == ticket.customer
    assert json.loads(json.dumps(receipt.ticket.verdict))["nature"] in {"complaint", "inquiry", "suggestion"}


def test_the_acknowledgement_repeats_no_word_of_the_sender() -> None:
    """The address is not proved to be the sender's: nobody writes to strangers through our form (S-6)."""
    from notices import wording

    receive(
        "立即领奖 www.evil.example 点击领取，恭喜您中奖了。", customer={"name": "中奖通知", "email": "x@example.com"}
    )
    notice = Notice.objects.get(kind="received")
    said = "\n".join(wording.words(notice, "zh-hans") + wording.words(notice, "en"))
    assert "evil" not in said
    assert "中奖" not in said
