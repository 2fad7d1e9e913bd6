"""C3.1: public answers for other systems; what is not public stays inside."""

import pytest
from django.test import Client

from knowledge.models import Article

pytestmark = pytest.mark.django_db
PATH = "/api/v1/knowledge/articles/"


@pytest.fixture(autouse=True)
def articles() -> None:
    Article.objects.create(
        question="空调保修几年？",
        answer="六年。",
        question_en="How long is the warranty?",
        answer_en="Six years.",
        is_public=True,
        helped=2,
    )
    Article.objects.create(question="滤网多久清洗？", answer="两周一次。", words="过滤网", is_public=True, helped=5)
    Article.objects.create(question="内部口径：保修争议", answer="先请示。")


def test_anybody_reads_the_public_ones_the_most_helpful_first(client: Client) -> None:
    rows = client.get(PATH).json()["results"]
    assert [row["question"] for row in rows] == ["滤网多久清洗？", "空调保修几年？"]
    assert rows[1]["answer_en"] == "Six years." and client.get("/" + rows[1]["url"].split("/", 3)[3]).status_code == 200


@pytest.mark.parametrize(
    ("q", "found"), [("保修", 1), ("过滤网", 1), ("WARRANTY", 1), ("保修 滤网", 0), ("请示", 0), ("%", 0), ("_", 0)]
)
def test_words_narrow_them(client: Client, q: str, found: int) -> None:
    assert len(client.get(PATH, {"q": q}).json()["results"]) == found


@pytest.mark.parametrize("query", ["q=" + "x" * 201, "q=%EF%BF%BF&page_size=0", "cursor=x", "page_size=x"])
def test_what_makes_no_sense_is_refused_by_name(client: Client, query: str) -> None:
    assert client.get(f"{PATH}?{query}").status_code == 400
