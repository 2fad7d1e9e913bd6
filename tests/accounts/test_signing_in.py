"""S-7, S-12, S-13: signing in tells nothing, slows down, and leads nowhere else."""

import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.models import AccessLog

pytestmark = pytest.mark.django_db
PASSWORD = "eine lange Zeile 7"


@pytest.fixture(autouse=True)
def lins_password(lin):
    lin.set_password(PASSWORD)
    lin.save()


def sign_in(client, username="lin", password=PASSWORD, **extra):
    return client.post("/login/", {"username": username, "password": password, "next": "/profile/", **extra})


def test_name_and_password_lead_to_the_page_that_was_wanted(client):
    answer = sign_in(client)
    assert (answer.status_code, answer.url) == (302, "/profile/")
    assert client.get("/profile/").status_code == 200
    assert AccessLog.objects.get().action == "login"


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(client):
    wrong, unknown = sign_in(client, password="no"), sign_in(client, username="ghost", password="no")
    assert wrong.status_code == unknown.status_code == 422
    assert "用户名或密码不正确" in wrong.content.decode()
    page, same = (
        re.sub(r'value="[^"]{40,}"|"X-CSRFToken": "[^"]*"', "", row.content.decode()) for row in (wrong, unknown)
    )
    assert page == same.replace('value="ghost"', 'value="lin"')


def test_after_ten_failures_even_the_right_password_waits_but_only_for_that_name(client, chen):
    chen.set_password(PASSWORD)
    chen.save()
    for _n in range(10):
        sign_in(client, password="no")
    refused = sign_in(client)
    assert refused.status_code == 429
    assert sign_in(client, username="chen").status_code == 302


def test_a_name_that_does_not_exist_is_locked_out_alike(client):
    for _n in range(10):
        sign_in(client, username="ghost", password="no")
    assert sign_in(client, username="ghost").status_code == 429


def test_a_success_forgives_the_failures_before(client):
    for _n in range(9):
        sign_in(client, password="no")
    sign_in(client)
    assert sign_in(client, password="no").status_code == 422


def test_what_was_typed_is_not_on_record(client):
    sign_in(client, username="my secret password", password="no")
    row = AccessLog.objects.get()
    assert row.action == "login_failed"
    assert "secret" not in str(row.__dict__)


ELSEWHERE = [
    "//evil.com", "///evil.com", "/\\evil.com", "\\\\evil.com", "https:evil.com", "https://evil.com/", "http://testserver/profile/",
    "javascript:alert(1)", "http://good@evil.com/", "%2f%2fevil.com", "%2F%2Fevil.com", "evil.com", "\t//evil.com", "\n", "/\n/evil.com",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_it_leads_to_no_other_site_but_home(client, target, monkeypatch):
    """By the form, by the address of the form, and for somebody who is signed in already (S-13)."""
    monkeypatch.setattr("accounts.views.home_of", lambda person: "/home/")
    asked = "/login/?" + urlencode({"next": target})
    assert client.get(asked).context["next"] == ""
    assert sign_in(client, next=target).url == "/home/"
    assert client.get(asked).url == "/home/"
    assert client.post(asked, {"username": "lin", "password": PASSWORD}).url == "/home/"
    for switch in ("/i18n/setlang/", "/theme/"):
        assert client.post(switch, {"next": target}).url == "/"
        assert client.post(switch + "?" + urlencode({"next": target})).url == "/"


def test_the_session_has_a_new_name_after_signing_in(client):
    client.get("/login/")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_an_account_of_an_app_cannot_sign_in(client, lin):
    lin.is_app = True
    lin.save()
    assert sign_in(client).status_code == 422


def test_the_demo_accounts_are_told_in_the_demo_only(client, settings, chen):
    settings.DEMO = True
    assert "<code>chen</code>" in client.get("/login/").content.decode()
    settings.DEMO = False
    assert "<code>chen</code>" not in client.get("/login/").content.decode()


def test_signing_out_needs_a_post_and_ends_the_session(client, lin):
    client.force_login(lin)
    assert client.get(reverse("accounts:logout")).status_code == 405
    assert client.post(reverse("accounts:logout")).url == "/login/"
    assert client.get("/profile/").status_code == 302


def test_a_page_of_somebody_signed_in_is_kept_in_no_cache(client, lin):
    client.force_login(lin)
    assert "no-store" in client.get("/profile/")["Cache-Control"]
