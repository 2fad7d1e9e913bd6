"""The lists that forms of other systems are made of, and the library by words."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from knowledge.models import Problem
from tickets.channels import Channel
from tickets.models import Category

pytestmark = pytest.mark.django_db


def test_every_channel_is_listed_for_everybody_in_the_language_asked_for(client: Client) -> None:
    rows = client.get("/api/v1/channels/", headers={"accept-language": "en"}).json()["results"]
    assert [row["code"] for row in rows] == [channel.value for channel in Channel]
    assert rows[0] == {"code": "web", "name": "Web form", "icon": "globe", "automatic": True}
    assert client.get("/api/v1/channels/", headers={"accept-language": "zh"}).json()["results"][0]["name"] == "网页表单"


def test_categories_are_listed_page_after_page_without_those_out_of_use(client: Client) -> None:
    Category.objects.all().delete()
    for position, code in enumerate(("product", "service", "delivery")):
        Category.objects.create(code=code, name=code, position=position)
    Category.objects.create(code="gone", name="gone", is_active=False)
    first = client.get("/api/v1/categories/?page_size=2").json()
    second = client.get(first["next"]).json()
    assert [row["code"] for row in first["results"] + second["results"]] == ["product", "service", "delivery"]
    assert (first["previous"], second["next"]) == (None, None)


@pytest.mark.parametrize("address", ["channels", "categories"])
def test_a_list_takes_no_post(client: Client, address: str) -> None:
    assert client.post(f"/api/v1/{address}/", {}, "application/json").status_code == 405


@pytest.fixture
def library(db: None) -> None:
    for title, summary, state in (
        ("空调外机噪音大", "夜里声音尤其明显", "open"),
        ("配送延误", "大促期间", "solved"),
        ("噪音误报", "", "dismissed"),
    ):
        Problem.objects.create(title=title, summary=summary, state=state, created_at=timezone.now())


@pytest.mark.parametrize(
    ("question", "found"),
    [("", 2), ("噪音", 1), ("噪音 夜里", 1), ("噪音 配送", 0), ("100%", 0), ("_", 0), ("'; --", 0), ("ＡＢＣ", 0)],
)
def test_the_library_is_searched_by_words(client: Client, lin: User, library: None, question: str, found: int) -> None:
    client.force_login(lin)
    assert len(client.get("/api/v1/knowledge/", {"q": question}).json()["results"]) == found


def test_a_title_out_of_customers_cases_is_read_by_those_who_decide_on_it(
    client: Client, han: User, zhou: User
) -> None:
    Problem.objects.create(title="王小明家空调漏水", state="proposed", created_at=timezone.now())
    for person, found in ((han, 0), (zhou, 1)):
        client.force_login(person)
        assert len(client.get("/api/v1/knowledge/", {"q": "漏水"}).json()["results"]) == found


def test_a_question_that_is_too_long_is_named(client: Client, lin: User) -> None:
    client.force_login(lin)
    assert "q" in client.get("/api/v1/knowledge/", {"q": "x" * 201}).json()["errors"]
    assert client.get("/api/v1/knowledge/", {"q": "\0"}).status_code == 400


def test_the_library_is_for_colleagues(client: Client) -> None:
    assert client.get("/api/v1/knowledge/").status_code == 401
