"""The public page of questions and answers, with its search."""

import pytest

from knowledge.models import Article

pytestmark = pytest.mark.django_db
PAGE = "/knowledge/"


@pytest.fixture
def articles():
    rows = (("空调整机保修几年？", "整机保修六年。", "质保", True), ("滤网多久清洗一次？", "两周一次。", "", True),
            ("内部：保修单怎么补开？", "找办公室。", "", False))  # fmt: skip
    for question, answer, words, public in rows:
        Article.objects.create(question=question, answer=answer, words=words, is_public=public, is_offered=True)


def shown(client, asked: str) -> str:
    return client.get(PAGE, {"q": asked}).content.decode()


def test_a_search_keeps_what_holds_every_word_and_unfolds_the_first(client, articles):
    page = shown(client, "保修 六年")
    assert "空调整机保修几年？" in page and "滤网" not in page
    assert "<details open>" in page and "问答 1 条" in page


def test_a_question_in_ones_own_words_finds_what_fits_where_nothing_holds_them(client, articles):
    page = shown(client, "请问整机质保几年")
    assert "空调整机保修几年？" in page and "滤网" not in page


def test_answers_for_colleagues_are_not_found(client, articles):
    assert "补开" not in shown(client, "保修单")
    assert "找办公室" not in shown(client, "内部：保修单怎么补开？")


def test_nothing_found_says_what_one_can_do_and_odd_words_do_no_harm(client, articles):
    assert "没有符合条件的答案" in shown(client, "冰箱")
    for odd in ("<script>alert(1)</script>", "%_\\", "x" * 5000, "𠮷\u202eabc"):
        answer = client.get(PAGE, {"q": odd})
        assert answer.status_code == 200 and "<script>alert" not in answer.content.decode()


def test_one_query_whatever_there_is(client, articles, django_assert_num_queries):
    for asked in ("", "保修"):
        with django_assert_num_queries(1):
            client.get(PAGE, {"q": asked})
