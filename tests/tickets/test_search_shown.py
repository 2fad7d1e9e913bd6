"""What is found shows why: words marked, where they stand, common problems beside; and the box offers what one may mean."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from knowledge.models import Article, Problem
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.search import shown as search_shown
from tickets.search.views import conditions

LEAK = "师傅说排水管坡度不够，空调一直漏水，墙面湿了一片。"


@pytest.mark.parametrize(
    ("text", "typed", "html"),
    [
        ("空调漏水了", "漏水", "空调<mark>漏水</mark>了"),
        ("空调漏水了", "空调 漏水", "<mark>空调漏水</mark>了"),
        ("ＡＢ型空调", "ab", "<mark>ＡＢ</mark>型空调"),
        ("<b>漏水</b>", "漏水", "&lt;b&gt;<mark>漏水</mark>&lt;/b&gt;"),
        ("一切正常", "漏水", "一切正常"),
        ("漏水", "性质:投诉 漏水", "<mark>漏水</mark>"),
        ("ﬁnd it", "find", "<mark>ﬁnd</mark> it"),
    ],
)
def test_words_are_marked_as_the_search_finds_them(text, typed, html):
    assert search_shown.marked(text, search_shown.words_of(typed)) == html


def test_a_snippet_is_cut_around_the_first_word_and_escaped():
    said = search_shown.snippet("前面" * 20 + "<i>漏水" + "后面" * 60, ["漏水"])
    assert said.startswith("…") and said.endswith("…") and "&lt;i&gt;<mark>漏水</mark>" in said and len(said) < 150
    assert search_shown.snippet("无关", ["漏水"]) == ""


@pytest.mark.django_db
def test_the_list_says_where_the_word_stands(client, zhou, chen, after_sales):
    a_ticket(subject="空调问题", content=LEAK, anonymous=True)
    later = a_ticket(subject="冰箱", content="不制冷", anonymous=True, department=after_sales)
    tickets.note(later, text="怀疑是排水泵漏水", by=chen, at=NOON)
    client.force_login(zhou)
    page = client.get(reverse("tickets:queue"), {"q": "漏水"}).content.decode()
    assert "空调一直<mark>漏水</mark>" in page and "排水泵<mark>漏水</mark>" in page


@pytest.mark.django_db
def test_one_box_finds_common_problems_too_for_who_may_read_them(client, zhou, chen):
    Problem.objects.create(title="翡翠澜庭空调漏水", created_at=NOON)
    Problem.objects.create(title="漏水旧案", state="dismissed", created_at=NOON)
    address = reverse("tickets:queue")
    client.force_login(zhou)
    page = client.get(address, {"q": "漏水"}).content.decode()
    assert "翡翠澜庭空调漏水" in page and "漏水旧案" not in page
    client.force_login(chen)
    assert "翡翠澜庭空调漏水" not in client.get(address, {"q": "漏水"}).content.decode()


def test_conditions_are_offered_in_the_readers_language():
    with override("zh-hans"):
        assert "性质:" in conditions("性") and conditions("性质:投") == ["性质:投诉"]
        assert conditions("-状态：已归") == ["-状态:已归档"] and conditions("xyz") == []
    with override("en"):
        assert conditions("nat") == ["nature:"] and conditions("nature:c") == ["nature:Complaint"]


@pytest.mark.django_db
def test_the_box_offers_numbers_of_tickets_that_one_may_see(client, zhou, han, after_sales):
    ticket = a_ticket(department=after_sales)
    address = reverse("tickets:suggest")
    client.force_login(zhou)
    assert ticket.number in client.get(address, {"q": ticket.number[:10]}).content.decode()
    client.force_login(han)
    assert ticket.number not in client.get(address, {"q": ticket.number[:10]}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", '"><script>', "性质:" * 60, "：", "-", "'; --"])
def test_odd_input_breaks_neither_box_nor_list(client, zhou, typed):
    client.force_login(zhou)
    answer = client.get(reverse("tickets:suggest"), {"q": typed})
    assert answer.status_code == 200 and "<script" not in answer.content.decode()
    assert client.get(reverse("tickets:queue"), {"q": typed}).status_code == 200


@pytest.mark.django_db
def test_a_page_of_hits_costs_the_same_for_three_and_thirty(client, zhou, django_assert_max_num_queries):
    for _number in range(12):
        a_ticket(anonymous=True)
    client.force_login(zhou)
    client.get(reverse("tickets:queue"), {"q": "漏水"})
    with django_assert_max_num_queries(17):
        client.get(reverse("tickets:queue"), {"q": "漏水"})


@pytest.mark.django_db
def test_the_box_finds_public_answers_too(client, chen):
    shown = Article.objects.create(question="安装要收费吗？", answer="标准安装免费，打孔另计。", is_public=True)
    Article.objects.create(question="安装部的内部说明", answer="打孔提成", is_public=False)
    client.force_login(chen)

    def found(words):
        page = client.get("/tickets/", {"q": words})
        return [article["url"] for article in page.context["articles"]]

    assert found("打孔") == found("安装 免费") == [reverse("knowledge:article", args=[shown.pk])]
    assert found("漏水") == found("") == []
    page = client.get("/tickets/", {"q": "打孔"})
    assert "安装要收费吗" in page.text and "内部说明" not in page.text


@pytest.mark.django_db
def test_a_subject_is_marked_with_what_was_searched_for_and_with_nothing_else(client, zhou, after_sales):
    a_ticket(subject="The new complaint of Anna", content=LEAK, anonymous=True)
    client.force_login(zhou)
    assert "<mark>" not in client.get(reverse("tickets:queue")).content.decode()
    found = client.get(reverse("tickets:queue"), {"q": "Anna"}).content.decode()
    assert "The new complaint of <mark>Anna</mark>" in found
