"""Language and password of the person who is signed in."""

import pytest
from django.utils import timezone

from accounts import services

pytestmark = pytest.mark.django_db


def test_the_persons_own_language_counts_before_the_browsers(client, lin):
    client.force_login(lin)
    client.post("/profile/", {"language": "en", "phone": "", "save_settings": "1"})
    page = client.get("/profile/", headers={"Accept-Language": "zh-CN"})
    assert page["Content-Language"] == "en"
    lin.refresh_from_db()
    assert lin.language == "en"


def test_signing_in_brings_the_persons_language(client, lin):
    lin.language = "en"
    lin.set_password("eine lange Zeile 7")
    lin.save()
    client.post("/login/", {"username": "lin", "password": "eine lange Zeile 7", "next": "/profile/"})
    assert client.get("/profile/", headers={"Accept-Language": "zh-CN"})["Content-Language"] == "en"


def test_somebody_without_an_account_keeps_the_language_in_a_cookie(client):
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/login/"})
    assert answer.url == "/login/"
    assert client.get("/login/", headers={"Accept-Language": "zh-CN"})["Content-Language"] == "en"


def test_the_language_switch_leads_to_no_other_site_and_takes_no_other_language(client):
    answer = client.post("/i18n/setlang/", {"language": "fr", "next": "//evil.com"})
    assert answer.url == "/"
    assert "language" not in client.cookies


def test_a_new_password_ends_other_sessions_and_tokens_but_not_this_session(client, lin):
    from django.test import Client

    lin.set_password("eine lange Zeile 7")
    lin.save()
    _token, row = services.create_token(name="x", scopes=["read"], user=lin, at=timezone.now())
    client.force_login(lin)
    other = Client()
    other.force_login(lin)
    answer = client.post(
        "/profile/", {"change_password": "1", "current": "eine lange Zeile 7", "new": "andere lange Zeile 8"}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.revoked_at
    assert client.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302


@pytest.mark.parametrize(
    "data", [{"current": "no", "new": "andere lange Zeile 8"}, {"current": "eine lange Zeile 7", "new": "12345678"}]
)
def test_a_wrong_present_or_a_weak_new_password_changes_nothing(client, lin, data):
    lin.set_password("eine lange Zeile 7")
    lin.save()
    client.force_login(lin)
    assert client.post("/profile/", {"change_password": "1", **data}).status_code == 422
    lin.refresh_from_db()
    assert lin.check_password("eine lange Zeile 7")


def test_roles_and_department_cannot_be_sent_along(client, lin):
    client.force_login(lin)
    client.post("/profile/", {"language": "en", "roles": "office", "is_staff": "on", "is_superuser": "on"})
    lin.refresh_from_db()
    assert (lin.roles, lin.is_staff, lin.is_superuser) == (["agent"], False, False)
