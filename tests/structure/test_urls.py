"""Every address refuses strangers unless it is listed, and no address changes anything when it is only read."""

from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from tests.make import a_ticket
from tests.structure.addresses import addresses

pytestmark = pytest.mark.django_db

# Whoever is not signed in may open these. A new public address is entered here, on purpose, or the test fails.
PUBLIC = {
    "healthz",
    "readyz",
    "metrics",  # its own rule: this machine, or a token
    "feedback:form",
    "feedback:receipt",
    "feedback:track",
    "feedback:lost-code",
    "feedback:tracking",
    "feedback:live",
    "feedback:message",
    "feedback:withdraw",
    "feedback:complain",
    "feedback:export",
    "feedback:file",
    "feedback:file-small",
    "feedback:privacy",
    "feedback:widget",
    "feedback:answers",
    "feedback:not-me",  # with a signed link
    "feedback:embed",
    "feedback:embed-receipt",
    "feedback:chat",
    "feedback:conversation",
    "feedback:chat-helped",
    "feedback:hand-over",
    "knowledge:faq",
    "knowledge:article",
    "knowledge:improvements",
    "promise",
    "feedback:hook-cti",  # signed
    "feedback:at-box",  # behind the QR code of a suggestion box: leads on to the form
    "surveys:answer",
    "surveys:rate",
    "surveys:at-sheet",  # behind the QR code of a questionnaire: leads on to the form
    "accounts:login",
    "accounts:logout",
    "set_language",
    "set_theme",
    "favicon",
    "admin/login/",
    "admin/logout/",
    "api-schema",
    "api-docs",
    "api-feedback",
    "api-follow",
    "api-messages",
    "api-withdraw",
    "api-appeal",
    "api-chat",
    "api-file",
    "api-attachments",
    "api-upload",
    "channel-list",
    "feedback:hook-inbound",  # signed
    "feedback:hook-wechat",  # signed
    "category-list",
    "knowledge-articles",
    "rating",
}
REFUSALS = {401, 403, 404, 405}
ALL = sorted(addresses(), key=lambda address: address.route)


def values(ticket) -> dict[str, object]:
    return {"number": ticket.number, "verb": "note", "id": ticket.pk, "pk": ticket.pk, "paper": "case-file"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_refused(client, method):
    ticket, sign_in, wrong = a_ticket(), reverse("accounts:login"), []
    for address in ALL:
        if address.name not in PUBLIC:
            answer = getattr(client, method)(address.fill(values(ticket)))
            led_away = answer.status_code == 302 and answer.url.startswith(sign_in)
            if not led_away and answer.status_code not in REFUSALS:
                wrong.append((address.route, answer.status_code))
    assert wrong == []


def test_what_is_listed_as_public_exists():
    assert {address.name for address in ALL} >= PUBLIC


def test_every_address_has_one_name():
    twice = [name for name, count in Counter(address.name for address in ALL).items() if count > 1]
    routes = [route for route, count in Counter(address.route for address in ALL).items() if count > 1]
    assert (twice, routes) == ([], [])


@pytest.fixture
def everything(zhou) -> User:
    """Somebody who may open every page."""
    zhou.roles = [role.value for role in Role]
    zhou.is_staff = zhou.is_superuser = True
    zhou.save()
    return zhou


def writes() -> Counter[str]:
    """Rows written so far in this transaction, by table; what is only read stays out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return Counter({table: count for table, count in cursor.fetchall() if count})


def test_reading_changes_nothing(everything):
    ticket, wrong = a_ticket(department=everything.department), []
    for address in ALL:
        client = Client(raise_request_exception=False)
        client.force_login(everything)  # anew: a sign of life now and then is kept with the session
        before = writes()
        status = client.get(address.fill(values(ticket))).status_code
        changed = writes() - before - Counter(accounts_accesslog=1)
        if changed or (status >= 500 and address.name != "readyz"):
            wrong.append((address.route, status, changed))
    assert wrong == []


def test_the_administration_refuses_strangers_and_colleagues_without_the_right(client, lin):
    assert client.get(reverse("admin:index")).status_code == 302
    client.force_login(lin)
    answer = client.get(reverse("admin:accounts_user_changelist"))
    assert answer.status_code == 302
    assert "login" in answer.url


def test_every_post_of_the_api_honours_the_idempotency_key():
    """DI-7: a call that a bad network repeats is one call."""
    classes = {one.name: getattr(one.view, "cls", None) for one in ALL if one.route.startswith("api/")}
    posts = {name: view.post for name, view in classes.items() if hasattr(view, "post")}
    assert len(posts) > 15
    assert [name for name, post in posts.items() if not getattr(post, "idempotent", False)] == []
