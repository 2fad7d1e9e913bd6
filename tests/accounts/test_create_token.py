"""The command-line contract of `create_token`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import tokens
from accounts.models import ApiToken

pytestmark = pytest.mark.django_db


def create(*arguments):
    out = StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue().splitlines()[-1]


def test_the_token_stands_alone_on_the_last_line():
    token = create("Shop app", "--scopes", "submit,read")
    assert ApiToken.objects.get(digest=tokens.digest(token)).scopes == ["read", "submit"]


@pytest.mark.parametrize(
    ("scopes", "roles"),
    [
        ("submit", []),
        ("read", ["auditor"]),
        ("reports,submit", ["auditor"]),
        ("submit,read,manage,reports", ["office"]),
    ],
)
def test_the_apps_own_account_has_the_roles_that_its_scopes_need(scopes, roles):
    create("Shop app", "--scopes", scopes)
    account = ApiToken.objects.get().user
    assert (account.username, account.is_app, account.roles) == ("app-shop-app", True, roles)
    assert not account.has_usable_password()


def test_a_second_weaker_token_takes_nothing_from_the_first():
    create("Shop app", "--scopes", "manage")
    create("Shop app", "--scopes", "submit")
    account = ApiToken.objects.first().user
    assert account.roles == ["office"]


def test_a_token_can_act_as_a_person(lin):
    create("Desk", "--scopes", "manage", "--user", "lin")
    assert ApiToken.objects.get().user == lin
    lin.refresh_from_db()
    assert lin.roles == ["agent"]


@pytest.mark.parametrize(
    "arguments", [("x", "--scopes", "all"), ("x", "--scopes", ","), ("x", "--scopes", "read", "--user", "ghost")]
)
def test_an_unknown_scope_or_person_is_refused(arguments):
    with pytest.raises(CommandError):
        create(*arguments)
    assert not ApiToken.objects.exists()


def test_a_name_in_chinese_has_its_own_account():
    create("商城", "--scopes", "submit")
    assert ApiToken.objects.get().user.username == "app-商城"


def test_a_token_with_days_ends_by_itself():
    create("Shop app", "--scopes", "read", "--days", "30")
    row = ApiToken.objects.get()
    assert (row.expires_at - row.created_at).days == 30
    assert not ApiToken.objects.valid(row.expires_at).exists()


@pytest.mark.parametrize("days", ["0", "-1", "99999999"])
def test_days_out_of_reason_are_refused(days):
    with pytest.raises(CommandError):
        create("Shop app", "--scopes", "read", "--days", days)
    assert not ApiToken.objects.exists()
