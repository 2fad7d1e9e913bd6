"""What several listeners say of one event is written together, and not at all when one of them fails."""

import pytest
from django.db import transaction

from notices import outbox, services
from notices.models import Notice
from tests.make import NOON

pytestmark = pytest.mark.django_db


def rows(*keys):
    return [row for key in keys for row in services.to_address("a@example.com", "replied", key=key, at=NOON)]


def test_two_senders_are_one_statement_and_the_same_key_tells_once(django_assert_num_queries):
    with django_assert_num_queries(1), outbox.together():
        services.add(rows("one"))
        services.add(rows("two", "one"))
    assert sorted(Notice.objects.values_list("key", flat=True)) == ["one", "two"]


def test_within_another_one_it_waits_for_the_outer_end():
    with outbox.together():
        with outbox.together():
            services.add(rows("one"))
        assert not Notice.objects.exists()
    assert Notice.objects.count() == 1


def test_an_error_writes_nothing_and_the_next_one_starts_empty():
    with pytest.raises(ValueError, match="no"), transaction.atomic(), outbox.together():
        services.add(rows("one"))
        raise ValueError("no")
    services.add(rows("two"))
    assert [row.key for row in Notice.objects.all()] == ["two"]
