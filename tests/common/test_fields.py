"""Bodies of the API are read by serializers that are kept."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.utils import translation
from rest_framework.exceptions import ValidationError

from feedback.serializers import FeedbackSerializer

pytestmark = pytest.mark.django_db
BODY: dict[str, Any] = {"content": "空调安装后漏水，请尽快处理。", "customer": {"name": "王", "phone": "13800001234"}}


def read_anew(body: Any) -> Any:
    form = FeedbackSerializer(data=body)
    form.is_valid(raise_exception=True)
    return form.validated_data


@pytest.mark.parametrize("more", [{}, {"rating": 3}, {"source": {"ref": "7"}}, {"channel": "review", "content": "差"}])
def test_a_body_reads_as_by_a_serializer_of_its_own(more: dict[str, Any]) -> None:
    assert FeedbackSerializer.read(BODY | more) == read_anew(BODY | more)


@pytest.mark.parametrize(
    "wrong",
    [
        {"content": ""},
        {"rating": 9},
        {"customer": "王"},
        {"nature": "praise?"},
        {"colour": "red"},
        {"category": "none"},
    ],
)
def test_what_is_wrong_is_said_in_the_same_words(wrong: dict[str, Any]) -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            with pytest.raises(ValidationError) as ours:
                FeedbackSerializer.read(BODY | wrong)
            with pytest.raises(ValidationError) as theirs:
                read_anew(BODY | wrong)
        assert ours.value.detail == theirs.value.detail


def test_one_body_leaves_nothing_for_the_next() -> None:
    first = FeedbackSerializer.read(BODY | {"attachments": [], "rating": 2})
    first["attachments"].append("x")
    with pytest.raises(ValidationError):
        FeedbackSerializer.read({"rating": 3})
    again = FeedbackSerializer.read(BODY)
    assert (again["attachments"], again["rating"]) == ([], None)


def test_threads_read_beside_each_other() -> None:
    bodies = [BODY | {"place": f"{n} 号楼"} for n in range(60)]
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(FeedbackSerializer.read, bodies))
    assert [one["place"] for one in found] == [body["place"] for body in bodies]
