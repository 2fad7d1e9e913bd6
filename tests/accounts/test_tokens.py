"""Who may call the API with what."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from accounts import tokens
from accounts.models import ApiToken

pytestmark = pytest.mark.django_db


class Scoped(APIView):
    scopes = {"GET": "read", "POST": ("manage", "submit")}

    def get(self, request):
        return Response({})

    post = get
    delete = get


def a_token(user, scopes, **fields):
    token = tokens.new_token()
    row = ApiToken.objects.create(
        name="t", digest=tokens.digest(token), user=user, scopes=scopes, created_at=timezone.now(), **fields
    )
    return token, row


def call(method, token="", user=None, credential=None):
    headers = {"Authorization": credential or f"Bearer {token}"} if token or credential else {}
    request = getattr(APIRequestFactory(), method)("/api/v1/x/", headers=headers)
    if user:
        force_authenticate(request, user)
    return Scoped.as_view()(request).render()


def test_a_token_with_the_scope_passes_in_one_query(lin, django_assert_num_queries):
    token, _row = a_token(lin, ["read"])
    with django_assert_num_queries(1):
        assert call("get", token).status_code == 200


@pytest.mark.parametrize(
    ("method", "scopes", "status"),
    [
        ("get", ["submit"], 403),
        ("head", ["read"], 200),
        ("post", ["read"], 403),
        ("post", ["submit"], 200),
        ("post", ["manage"], 200),
        ("delete", ["submit", "read", "manage", "reports"], 403),
    ],
)
def test_the_method_needs_its_scope(lin, method, scopes, status):
    assert call(method, a_token(lin, scopes)[0]).status_code == status


def test_a_token_without_the_scope_is_told_which_it_lacks(lin):
    token, _row = a_token(lin, ["read"])
    told = call("post", token).data
    assert (told["type"], "manage / submit" in told["detail"]) == ("/problems/not-allowed", True)


@pytest.mark.parametrize("credential", ["Bearer", "Bearer ", "Bearer hs_nothing", "bearer \xff", "Bearer a b"])
def test_an_unknown_token_is_401_with_a_challenge(db, credential):
    answer = call("get", credential=credential)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


def test_nobody_is_401(db):
    assert call("get").status_code == 401


def test_an_ended_or_revoked_token_or_one_of_a_person_who_left_opens_nothing(lin, chen):
    now = timezone.now()
    ended, _row = a_token(chen, ["read"], expires_at=now - timedelta(seconds=1))
    revoked, _row = a_token(chen, ["read"], revoked_at=now)
    left, _row = a_token(lin, ["read"])
    lin.is_active = False
    lin.save()
    assert [call("get", token).status_code for token in (ended, revoked, left)] == [401, 401, 401]


def test_a_colleague_with_a_session_passes_but_not_for_a_method_that_is_not_stated(lin):
    assert call("get", user=lin).status_code == 200
    assert call("delete", user=lin).status_code == 403


def test_a_token_is_stored_hashed_only(lin):
    token, row = a_token(lin, ["read"])
    assert token not in str(row.__dict__)
    assert len(row.digest) == 64
