"""The form's token comes from the sender: whatever it is, the feedback is taken once and leads to its receipt."""

import pytest

from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("token", ["a/b", "../../x", "?#%00", "x" * 100, "令牌", "", "."])
def test_feedback_with_any_token_is_taken_once_and_leads_to_its_receipt(client, token):
    form = {"content": "洗衣机漏水了，请尽快处理一下。", "anonymous": "1", "token": token}
    first = client.post("/", form)
    assert first.status_code == 302
    assert client.get(first["Location"]).status_code == 200
    second = client.post("/", form)
    assert (second["Location"] == first["Location"]) is bool(token)
    assert Ticket.objects.count() == (1 if token else 2)
