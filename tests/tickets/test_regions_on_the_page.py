"""The region of a case is read and written in the reader's language."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Region
from accounts.services_regions import load_regions
from tests.make import a_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(client, zhou):
    load_regions()
    zhou.language = "en"
    zhou.save()
    client.force_login(zhou)
    client.cookies["language"] = "en"
    return client


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ("Xihu District, Hangzhou, Zhejiang", "330106"), ("hangzhou", "330100"), ("杭州市", "330100"), ("浙江省杭州市西湖区", "330106"),
        ("330106", "330106"), ("Xihu District", None), ("Xihu District, Atlantis", None), ("Atlantis", None),
    ],
)  # fmt: skip
def test_a_region_is_set_by_its_name_in_either_language(english, after_sales, wish, code):
    ticket = a_ticket(department=after_sales)
    fields = {"version": ticket.version, "nature": "inquiry", "tier": "L3", "scope": "individual", "region": wish}
    answer = english.post(reverse("tickets:move", args=[ticket.number, "classify"]), fields)
    ticket.refresh_from_db()
    assert (answer.status_code == 302, ticket.region_id) == (code is not None, code)


def test_the_page_and_the_public_form_name_it_in_english(english, after_sales):
    ticket = a_ticket(department=after_sales, region=Region.objects.get(code="330106"))
    assert "Xihu District, Hangzhou, Zhejiang" in english.get(ticket.get_absolute_url()).content.decode()
    assert '<option value="Hangzhou, Zhejiang">' in english.get("/").content.decode()
    with override("zh-hans"):
        assert ticket.region.local_full_name == "浙江省杭州市西湖区"
