"""S-5: a mailbox cannot be pointed at a cloud's metadata or at no address at all."""

import pytest
from django.utils import timezone

from feedback.mail import services_fetch
from feedback.models import Mailbox

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "2852039166", "0xa9fea9fe", "::ffff:169.254.169.254", "0.0.0.0", "fe80::1"]
)
def test_no_connection_is_made_to_an_address_that_no_mail_server_has(host, monkeypatch) -> None:
    monkeypatch.setattr(services_fetch, "IMAPClient", lambda *_args, **_options: pytest.fail("connected"))
    box = Mailbox.objects.create(code="odd", name="怪", address="odd@demo.example", host=host)
    assert services_fetch.fetch(box, at=timezone.now()) == []
    box.refresh_from_db()
    assert "no mail server may stand at this address" in box.error
