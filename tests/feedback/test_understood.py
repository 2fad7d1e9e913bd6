"""Why a case was classed so, past cases like it, and how good the classifier is: all on pages."""

from datetime import timedelta

import pytest
from django.urls import reverse

from feedback import defaults, services
from feedback.content import Content
from feedback.models import Correction, KeywordRule
from feedback.text import scores
from feedback.text.similar import similar_to
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Customer

pytestmark = pytest.mark.django_db

SMOKE = {"subject": "翡翠澜庭小区楼下烧烤店油烟扰民", "content": "每天晚上油烟味飘进家里，没法开窗。"}
ALIKE = {"subject": "翡翠澜庭一楼夜宵摊油烟直排扰民", "content": "餐馆没有排烟管道，油烟味道难闻，烧烤到凌晨。"}
ELSEWHERE = {"subject": "鹭洲禧园小区楼下烧烤店油烟扰民", "content": "每天晚上油烟味飘进家里，没法开窗。"}


def test_a_case_in_other_words_about_the_same_place_stands_beside_the_ticket(zhou):
    past, elsewhere, now = a_ticket(**ALIKE), a_ticket(**ELSEWHERE), a_ticket(**SMOKE)
    found = [row.ticket for row in similar_to(now, zhou)]
    assert found == [past] and elsewhere not in found


def test_the_page_shows_the_similar_case_to_those_who_may_see_it(client, zhou):
    past, now = a_ticket(**ALIKE), a_ticket(**SMOKE)
    client.force_login(zhou)
    address = reverse("feedback:similar", args=[now.number])
    assert f'hx-get="{address}"' in client.get(now.get_absolute_url()).content.decode()
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(address, headers=headers).content.decode()
        assert 'id="similar"' in page and past.get_absolute_url() in page and ("<html" in page) is not bool(headers)


def test_what_the_same_customer_said_twice_is_offered_for_merging_into_the_earlier_case(client, zhou, xu):
    customer = Customer.objects.create(name="王小明", phone="13800001234", created_at=NOON)
    first = a_ticket(**ALIKE, customer=customer)
    second = a_ticket(**SMOKE, customer=customer, at=NOON + timedelta(hours=1))
    client.force_login(zhou)

    def panel(ticket):
        return client.get(
            reverse("feedback:similar", args=[ticket.number]), headers={"HX-Request": "true"}
        ).content.decode()

    merge = reverse("tickets:move", args=[second.number, "merge"])
    assert "同一用户" in panel(second) and f'action="{merge}"' in panel(second)
    assert "同一用户" in panel(first) and "/merge/" not in panel(first), "the earlier one survives"
    client.force_login(xu)
    assert "同一用户" in panel(second) and "/merge/" not in panel(second), "who only reads merges nothing"
    client.force_login(zhou)
    assert client.post(merge, {"version": second.version, "number": first.number}).status_code == 302
    second.refresh_from_db()
    assert second.merged_into == first
    assert "同一用户" not in panel(first)


def test_a_case_like_no_other_says_so_on_a_page_and_nothing_beside_the_ticket(client, zhou):
    client.force_login(zhou)
    address = reverse("feedback:similar", args=[a_ticket(**SMOKE).number])
    assert client.get(address, headers={"HX-Request": "true"}).content.strip() == b""
    assert 'id="similar"' not in (page := client.get(address).content.decode()) and "没有相似工单" in page


def test_only_cases_that_the_reader_may_see_are_shown_as_similar(zhou, chen, after_sales, logistics):
    hidden, now = a_ticket(**ALIKE, department=logistics), a_ticket(**SMOKE, department=after_sales)
    assert [row.ticket for row in similar_to(now, zhou)] == [hidden]
    assert similar_to(now, chen) == []


def test_cases_of_another_year_are_not_similar(zhou):
    a_ticket(**ALIKE, at=NOON - timedelta(days=200))
    assert similar_to(a_ticket(**SMOKE), zhou) == []


def test_finding_similar_cases_takes_three_queries(zhou, django_assert_num_queries):
    for _number in range(12):
        a_ticket(**ALIKE)
    now = a_ticket(**SMOKE)
    with django_assert_num_queries(3):
        assert len(similar_to(now, zhou)) == 5


def test_the_ticket_page_tells_which_words_decided(client, zhou):
    defaults.create_defaults(NOON)
    receipt = services.receive(
        channel="web", raw=b"x", claimed_at=None, received_at=NOON, customer=None, at=NOON,
        content=Content(subject="紧急", text="紧急！充电器起火了，快来人", anonymous=True),
    )  # fmt: skip
    client.force_login(zhou)
    page = client.get(receipt.ticket.get_absolute_url()).content.decode()
    assert 'id="reasons"' in page and "起火" in page
    told = page.partition('id="reasons"')[2].partition("</section>")[0]
    codes = [reason["detail"] for reason in receipt.ticket.verdict["reasons"] if reason["source"] == "rule"]
    rules = KeywordRule.objects.in_bulk(codes, field_name="code")
    assert rules and all(str(rule) in told and f">{code}<" not in told for code, rule in rules.items())
    KeywordRule.objects.all().delete()
    assert not any(f">{code}<" in client.get(receipt.ticket.get_absolute_url()).content.decode() for code in codes)


def test_of_a_nature_that_was_stated_the_page_says_so_and_not_what_a_model_thinks(client, zhou):
    receipt = services.receive(
        channel="web", raw=b"x", claimed_at=None, received_at=NOON, customer=None, at=NOON,
        content=Content(text="请问发票在哪里开，几天能寄到？", nature="complaint", anonymous=True),
    )  # fmt: skip
    verdict = receipt.ticket.verdict
    assert (receipt.ticket.nature, verdict["nature"]) == ("complaint", "inquiry"), "guessed all the same, for learning"
    assert [(row["source"], row["words"]) for row in verdict["reasons"] if row["field"] == "nature"] == [("stated", ())]
    client.force_login(zhou)
    told = client.get(receipt.ticket.get_absolute_url()).content.decode().partition('id="reasons"')[2]
    assert "提交时已注明" in told.partition("</section>")[0]


def test_every_score_on_the_page_comes_from_the_models_in_use(client, zhou):
    client.force_login(zhou)
    page = client.get(reverse("feedback:classifier")).content.decode()
    models = scores.all_models()
    assert {"nature_zh", "nature_en", "topic_zh"} <= {model.code for model in models}
    for model in models:
        assert f'id="{model.code}"' in page and f"{model.macro_f1:.1f}" in page
        assert sum(count for _, cells, _ in model.rows for count, _ in cells) == model.examples


def test_the_natures_are_sure_enough_with_few_sent_to_review():
    for model in scores.all_models():
        if model.code.startswith("nature"):
            assert model.sure_macro_f1 >= 95 and model.to_review <= 20, model.code


def test_what_people_corrected_is_counted(client, zhou):
    ticket = a_ticket()
    for _time in range(3):
        Correction.objects.create(
            ticket=ticket, field="nature", proposed="inquiry", corrected="complaint", by=zhou, at=NOON
        )
    client.force_login(zhou)
    response = client.get(reverse("feedback:classifier"))
    Correction.objects.create(ticket=ticket, field="region", proposed="330100", corrected="330106", by=zhou, at=NOON)
    often, once = client.get(reverse("feedback:classifier")).context["corrected"]
    assert often == ("性质", "咨询", "投诉", 3)
    assert once == ("地区", "浙江省杭州市", "浙江省杭州市西湖区", 1)
    assert response.context["corrected"] == [often]
    assert "分类器判断" in (page := response.content.decode()) and "待确认" not in page


def test_a_handler_does_not_see_the_classifier(client, chen):
    client.force_login(chen)
    assert client.get(reverse("feedback:classifier")).status_code == 403


def test_a_ticket_without_a_verdict_has_no_reasons(client, zhou):
    ticket = tickets.open(at=NOON, channel="phone", subject="。", content="。", nature="inquiry", received_at=NOON)
    client.force_login(zhou)
    assert 'id="reasons"' not in client.get(ticket.get_absolute_url()).content.decode()
