import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_rating_an_open_case_is_told_as_a_conflict(client: Client) -> None:
    sent = {"channel": "app", "nature": "complaint", "content": "空调一直滴水，两次上门没有修好。", "anonymous": True}
    receipt = client.post("/api/v1/feedback/", {**sent, "customer": None}, content_type="application/json").json()
    answer = client.post(
        f"/api/v1/feedback/{receipt['tracking_code']}/rating/",
        {"rating": "satisfied", "stars": 5},
        content_type="application/json",
    )
    assert answer.status_code == 409
    assert answer.json()["detail"]
