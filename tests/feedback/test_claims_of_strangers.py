"""S-9, S-2: what a stranger says of a customer gives them neither that customer's mail nor a better place in the queue."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiToken, User
from accounts.tokens import digest, new_token
from tests.make import NOON
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db
CUSTOMER = {"name": "贼", "email": "thief@example.com", "external_id": "member-1", "customer_class": "vip"}


@pytest.fixture
def shop() -> str:
    """The company's own shop with its token."""
    user, token = User.objects.create(username="shop", name="商城", is_app=True), new_token()
    ApiToken.objects.create(user=user, name="shop", digest=digest(token), scopes=["submit"], created_at=NOON)
    return token


def post(client: Client, customer: dict[str, Any], token: str = "") -> Customer:
    body = {"channel": "app", "content": "请问这款空调保修几年，怎样预约上门安装？", "customer": customer}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.post("/api/v1/feedback/", body, "application/json", headers=headers)
    assert answer.status_code == 201, answer.content
    return Ticket.objects.select_related("customer").get(number=answer.json()["number"]).customer


def test_a_number_named_beforehand_does_not_bring_the_mail_of_the_one_who_has_it(client, shop) -> None:
    thief = post(client, CUSTOMER)
    assert thief.external_id == ""
    owner = post(client, {"name": "王", "external_id": "member-1"}, shop)
    assert owner != thief
    assert (owner.external_id, owner.email) == ("member-1", "")


def test_the_class_that_decides_limits_and_routing_is_said_by_own_systems_alone(client, shop) -> None:
    assert post(client, CUSTOMER).customer_class == ""
    assert post(client, {**CUSTOMER, "external_id": "member-2"}, shop).customer_class == "vip"


@pytest.mark.parametrize("channel", ["phone", "letter", "review", "email", "counter", "chat"])
def test_a_stranger_cannot_say_that_it_came_by_our_own_people_or_a_platform(client, shop, channel) -> None:
    body = {"channel": channel, "content": "请问这款空调保修几年，怎样预约上门安装？", "anonymous": True}
    answer = client.post("/api/v1/feedback/", body, "application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["channel"])
    headers = {"Authorization": f"Bearer {shop}"}
    assert client.post("/api/v1/feedback/", body, "application/json", headers=headers).status_code == 201
    assert Ticket.objects.get().channel == channel


def test_a_colleague_who_registers_cases_names_any_channel_and_no_other_does(client, lin, he) -> None:
    body = {"channel": "phone", "content": "请问这款空调保修几年，怎样预约上门安装？", "anonymous": True}
    for person, status in ((he, 400), (lin, 201)):
        client.force_login(person)
        assert client.post("/api/v1/feedback/", body, "application/json").status_code == status
