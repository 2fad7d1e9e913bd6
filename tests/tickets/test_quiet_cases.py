"""Resolved cases are archived after the quiet period (workflow, after resolving)."""

from datetime import timedelta

import pytest

from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.tasks import close_quiet

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rating", "days", "status", "reason"),
    [("", 6, "resolved", None), ("", 7, "closed", "quiet"), ("satisfied", 8, "closed", "rated"),
     ("neutral", 8, "closed", "rated")],
)  # fmt: skip
def test_a_resolved_case_is_archived_once_it_has_been_quiet(rating, days, status, reason, chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="已修好，今后改进，谢谢", by=chen, at=NOON)
    if rating:
        tickets.rate(ticket, rating=rating, at=NOON)
    at = (NOON + timedelta(days=days)).isoformat()
    close_quiet(at)
    assert close_quiet(at) == 0
    ticket.refresh_from_db()
    assert ticket.status == status
    closing = ticket.events.filter(kind="close").first()
    assert (closing.data["reason"] if closing else None) == reason
