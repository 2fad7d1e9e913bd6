"""A page whose header says no-referrer is sent back by browsers with `Origin: null`, which the form's guard refuses."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
POLICY = re.compile(r'<meta name="referrer" content="([^"]+)">')


@pytest.mark.parametrize("address", ["/", "/track/", "/t/0000-0000-0000/", "/privacy/", "/nothing-here/"])
def test_every_public_page_lets_a_browser_name_the_origin_of_its_forms(client: Client, address: str) -> None:
    page = client.get(address)
    assert POLICY.findall(page.content.decode()) == ["same-origin"]


def test_a_missing_consent_is_named_in_the_summary_by_its_label(client: Client) -> None:
    sent = {
        "nature": "complaint",
        "content": "空调一直滴水，两次上门没有修好。",
        "phone": "13800001234",
        "anonymous": "",
    }
    page = client.post("/", sent, headers={"accept-language": "zh-hans"}).content.decode()
    assert "您的同意：" in page
    assert "Consent" not in page
