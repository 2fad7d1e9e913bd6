"""Which public answer fits a question."""

import random

import pytest

from knowledge import answers
from knowledge.models import Article

pytestmark = pytest.mark.django_db


@pytest.fixture
def articles() -> dict[str, Article]:
    rows = {
        "warranty": (
            "空调整机保修几年？",
            "整机保修六年。",
            "保修期 质保",
            "How long is the warranty of an air conditioner?",
        ),
        "filter": ("滤网多久清洗一次？", "两周一次。", "过滤网 清洗", "How often should I clean the filter?"),
        "fee": ("上门安装收费吗？", "标准安装免费。", "安装费 费用", "Is the installation free of charge?"),
    }
    return {
        name: Article.objects.create(
            question=question, answer=answer, words=words, question_en=english, answer_en=f"On {name}.", is_public=True
        )
        for name, (question, answer, words, english) in rows.items()
    }


def test_any_substring_finds_the_articles_that_like_finds(articles):
    dice, texts = random.Random(12), [f"{row.question}{row.answer}" for row in articles.values()]
    for _try in range(100):
        said = dice.choice(texts)
        start = dice.randrange(len(said))
        word = said[start : start + dice.randint(1, 8)]
        like = {
            row for row in articles.values()
            if any(word in text for text in (row.question, row.answer, row.words, row.question_en, row.answer_en))
        }  # fmt: skip
        assert set(Article.objects.about([word])) == like, word


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("请问空调保修几年", "warranty"), ("质保多久？", "warranty"), ("滤网怎么清洗", "filter"), ("安装收费吗", "fee"),
        ("What is the warranty?", "warranty"), ("安装费在哪里看？", "fee"), ("installation fee free?", "fee"),
    ],
)  # fmt: skip
def test_a_question_in_other_words_finds_its_answer(articles, asked, name):
    assert answers.find(asked)[0].article == articles[name]


@pytest.mark.parametrize(
    "asked",
    [
        "我的快递在哪里",
        "上周买的冰箱噪音很大，要求退货",
        "你好",
        "？？？",
        "",
        "Where is my parcel?",
        "a" * 3000,
        "吗的了",
    ],
)
def test_a_question_about_something_else_finds_nothing(articles, asked):
    assert answers.find(asked) == []


def test_only_public_answers_are_found_and_a_change_counts_at_once(articles):
    Article.objects.filter(pk=articles["fee"].pk).update(is_public=False)
    assert answers.find("安装收费吗") == []


def test_the_pages_show_public_answers_in_the_readers_language(client, articles):
    Article.objects.filter(pk=articles["fee"].pk).update(is_public=False)
    page = client.get("/knowledge/").content.decode()
    assert "滤网多久清洗一次？" in page
    assert "安装收费" not in page
    assert client.get(f"/knowledge/{articles['fee'].pk}/").status_code == 404
    client.cookies["language"] = "en"
    assert "How often should I clean the filter?" in client.get(f"/knowledge/{articles['filter'].pk}/").content.decode()
