"""DI-7: the same call twice is one call."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts import idempotency
from accounts.idempotency import idempotent
from accounts.models import Department, IdempotentCall

pytestmark = pytest.mark.django_db


class Counting(APIView):
    permission_classes = [AllowAny]
    done: list[object] = []

    @idempotent
    def post(self, request):
        self.done.append(request.data)
        if request.data.get("wrong"):
            Department.objects.create(code="left-behind", name="x", path="/0/")
            return Response({"no": 1}, status=400)
        return Response({"tracking_code": "3F7K-9M2X", "n": len(self.done)}, status=201)


@pytest.fixture
def post():
    Counting.done = []
    view = Counting.as_view()

    def call(data, key="k1", path="/api/v1/feedback/", **extra):
        headers = {"Idempotency-Key": key} if key else {}
        return view(
            APIRequestFactory().post(path, data, format=extra.pop("format", "json"), headers=headers, **extra)
        ).render()

    return call


def test_the_second_call_gets_the_same_answer_and_does_nothing(post):
    first, second = post({"a": 1, "b": 2}), post({"b": 2, "a": 1})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert len(Counting.done) == 1


def test_another_body_is_refused_with_422(post):
    post({"a": 1})
    answer = post({"a": 2})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.data["type"].endswith("idempotency-key-reused")


def test_without_a_key_every_call_counts(post):
    post({"a": 1}, key="")
    post({"a": 1}, key="")
    assert len(Counting.done) == 2


def test_after_an_error_nothing_is_left_and_the_key_is_free(post):
    assert post({"wrong": 1}).status_code == 400
    assert not Department.objects.filter(code="left-behind").exists()
    assert post({"a": 1}).status_code == 201


def test_a_tracking_code_cannot_be_read_at_rest(post):
    post({"a": 1})
    row = IdempotentCall.objects.get()
    assert b"3F7K" not in bytes(row.sealed_answer)
    assert "k1" not in row.key_digest


def test_after_a_change_of_the_secret_the_work_is_not_done_again(post, settings):
    post({"a": 1})
    settings.SECRET_KEY = "another one, as long as a secret of this kind has to be, and a little more"
    assert post({"a": 1}).status_code == 422
    assert len(Counting.done) == 1
    assert idempotency.kept(key="k1", caller="anonymous", path="") is None


def test_a_key_that_was_used_at_another_path_is_refused(post):
    post({"a": 1})
    assert post({"a": 1}, path="/api/v1/other/").status_code == 422


def test_a_repeated_multipart_call_with_another_boundary_is_the_same_call(post):
    post({"a": "1"}, format="multipart")
    assert post({"a": "1"}, format="multipart").data["n"] == 1


def test_a_key_that_is_too_long_is_refused(post):
    assert post({"a": 1}, key="x" * 256).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_second_call_waits_for_the_first_and_gets_its_answer():
    started, answers = threading.Event(), []

    def second():
        started.wait()
        with transaction.atomic():
            call = idempotency.claim(key="k", caller="c", path="/", body="b", at=timezone.now())
            answers.append(call.answer)
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        call = idempotency.claim(key="k", caller="c", path="/", body="b", at=timezone.now())
        started.set()
        thread.join(0.3)
        assert answers == []
        call.keep(201, {"number": "Q1"})
    thread.join(5)
    assert answers == [idempotency.Answer(201, {"number": "Q1"})]


@pytest.mark.django_db(transaction=True)
def test_a_second_call_is_told_to_come_back_when_the_first_does_not_end(monkeypatch):
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.2)
    raised = []

    def second():
        try:
            with transaction.atomic():
                idempotency.claim(key="k", caller="c", path="/", body="b", at=timezone.now())
        except idempotency.StillRunning as error:
            raised.append(error.status_code)
        connection.close()

    with transaction.atomic():
        idempotency.claim(key="k", caller="c", path="/", body="b", at=timezone.now())
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(5)
    assert raised == [409]


@pytest.mark.django_db(transaction=True)
def test_claiming_a_key_is_one_trip_and_leaves_no_lock_limit_behind(django_assert_num_queries):
    with transaction.atomic():
        with django_assert_num_queries(1):
            idempotency.claim(key="k", caller="c", path="/", body="b", at=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",)
