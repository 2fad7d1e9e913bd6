"""B-1, B-3: broken JSON is a 400 or 413 with a problem, never a 500."""

import json

import pytest
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView


class Echo(APIView):
    permission_classes = [AllowAny]
    authentication_classes: list = []

    def post(self, request):
        return Response(request.data)


def send(body: bytes, content_type="application/json", **extra):
    return Echo.as_view()(APIRequestFactory().generic("POST", "/api/v1/x/", body, content_type, **extra)).render()


NAMED = {  # what cannot be stored is told by its field; what cannot be read at all has none
    b'{"a": "\\u0000"}': {"a"},
    b'{"\\u0000": 1}': {"non_field_errors"},
    b'{"a": {"b": ["\\ud800"]}}': {"a.b.0"},
    b'{"\\udfff": 1}': {"non_field_errors"},
    b'{"a": 1e400}': {"a"},
}


@pytest.mark.parametrize(
    "body",
    [
        *NAMED,
        b"{",
        b'{"a": 1,}',
        b'"\xff\xfe"',
        "意见".encode("gbk"),
        b"[" * 3000 + b"]" * 3000,
        b"[" * 100000,
        b"[" * 52 + b"]" * 52,
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"9" * 10000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_it_is_a_400_problem(body):
    answer = send(body)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem["status"] == 400
    assert problem["type"] and problem["title"] and problem["detail"]
    assert set(problem["errors"]) == NAMED.get(body, set())


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"content": "a\\u0000b"}', "content"),
        (b'{"customer": {"name": "\\ud800"}}', "customer.name"),
        (b'{"a": [1, {"b": 1e400}]}', "a.1.b"),
        (b'{"customer": {"\\ud800": "\\ud800"}}', "customer"),
        (b'{"\\u0000": 1}', "non_field_errors"),
        (b'"\\u0000"', "non_field_errors"),
    ],
)
def test_what_no_database_stores_is_refused_by_the_name_of_its_field(body, field):
    answer = send(body)
    problem = json.loads(answer.content)
    assert (answer.status_code, list(problem["errors"])) == (400, [field])
    assert problem["errors"][field] == [problem["detail"]]


def test_more_than_the_limit_is_413_whether_declared_or_not(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert send(b'"' + b"a" * 2000 + b'"').status_code == 413
    assert send(b"{}", CONTENT_LENGTH="99999999").status_code == 413


@pytest.mark.parametrize("content_type", ["////", "text/plain", "application/xml"])
def test_another_kind_of_content_is_415(content_type):
    assert send(b"{}", content_type).status_code == 415


@pytest.mark.parametrize("text", ["😀" * 200, "𠮷㐂龘", "e\u0301", "\x0b", "a\u202egpj.exe", "٣", "null"])
def test_odd_text_that_can_be_stored_comes_back_as_it_was(text):
    assert json.loads(send(json.dumps({"a": text}).encode()).content) == {"a": text}


def test_fifty_levels_are_taken():
    body = b"[" * 50 + b"]" * 50
    assert send(body).status_code == 200
