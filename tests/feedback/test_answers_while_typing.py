"""While somebody writes, answers that are public already stand below (C3.1)."""

import pytest

from knowledge.models import Article

pytestmark = pytest.mark.django_db
QUESTION, ANSWER = "空调滤网多久清洗一次？", "建议每两周清洗一次，使用频繁时每周一次。"


@pytest.fixture
def article():
    return Article.objects.create(
        question=QUESTION, answer=ANSWER, question_en="How often is the filter of an air conditioner cleaned?",
        answer_en="Every two weeks.", is_public=True,
    )  # fmt: skip


def ask(client, content: str, **headers) -> str:
    answer = client.post("/answers/", {"content": content}, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_answer_stands_below_while_one_writes(client, article):
    told = ask(client, "你好！我家的空调滤网多久清洗一次比较好")
    assert QUESTION in told
    assert ANSWER in told


def test_in_english_for_the_english(client, article):
    told = ask(client, "How often should the air conditioner filter be cleaned?", **{"Accept-Language": "en"})
    assert "Every two weeks." in told


@pytest.mark.parametrize(
    "typed", ["", "你好", "。。。。", "送货司机态度很差，要求道歉。", "\x00\u200b", "空" * 100_000]
)
def test_where_nothing_fits_nothing_is_shown(client, article, typed):
    assert ask(client, typed).strip() == ""


def test_what_is_not_public_stays_inside(client, article):
    Article.objects.update(is_public=False)
    assert ask(client, QUESTION).strip() == ""


def test_an_answer_is_text(client, article):
    Article.objects.update(answer="<script>x</script>")
    assert "<script>" not in ask(client, QUESTION)


def test_few_queries_and_no_more_for_a_long_text(client, article, django_assert_max_num_queries):
    ask(client, QUESTION)
    with django_assert_max_num_queries(5):
        ask(client, f"{QUESTION}。" * 40)
