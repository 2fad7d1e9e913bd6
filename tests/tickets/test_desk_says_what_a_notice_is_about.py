import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notices import services as notices

pytestmark = pytest.mark.django_db


def test_the_desk_shows_the_subject_of_a_notice_and_leads_to_it(client: Client, lin: User) -> None:
    at = timezone.now()
    context = {"limits": []}
    notices.add(notices.to_user(lin, "time_limits", key="desk:1", at=at, context=context, by_mail=False))
    client.force_login(lin)
    page = client.get("/desk/", headers={"accept-language": "en"}).content.decode()
    assert "Several time limits were reached at once" in page or "多个时限" in page
    assert 'href="/notices/"' in page
