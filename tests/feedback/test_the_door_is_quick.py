"""What a case costs that comes in through the public form, with everything behind the door at work: guards of its speed."""

import secrets
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from feedback import defaults as feedback_defaults
from feedback.channels import web
from feedback.models import KeywordRule
from sla.models import Clock, SlaTarget
from sla.services_setup import create_defaults
from tests.make import NOON
from tests.people import user
from tickets import defaults as ticket_defaults
from tickets.models import RoutingRule, Ticket

pytestmark = pytest.mark.django_db
WORDS = "空调安装后漏水，两次上门都没有修好，希望本周内复查。"


@pytest.fixture
def company(after_sales: Any) -> None:
    ticket_defaults.create_defaults()
    create_defaults()
    feedback_defaults.create_defaults(NOON)


def hand_in() -> dict[str, Any]:
    given: dict[str, Any] = dict.fromkeys(("email", "region", "place", "remedy_sought"), "")
    given |= {"content": WORDS, "nature": "complaint", "anonymous": False, "name": "王", "consent": True}
    given |= {"phone": f"138{secrets.randbelow(10**8):08d}", "occurred_at": None}
    return web.take(given, uploads=[], key=secrets.token_hex(), language="zh-hans", at=NOON)


def statements_of_another() -> list[str]:
    hand_in()
    with CaptureQueriesContext(connection) as seen:
        hand_in()
    return [query["sql"] for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def test_a_complaint_costs_few_statements_from_the_form_to_its_clocks(
    company: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)  # statements are seen in full
    statements = statements_of_another()
    assert len(statements) <= 5, statements
    written = [sql for sql in statements if sql.startswith("UPDATE") and "idempotentcall" not in sql]
    assert not written, "each row is written once"
    compared = [sql for sql in statements if "hashtextextended" in sql]
    assert len(compared) == 1, "rules, categories, routes and policies are compared in one query"


def test_the_person_of_a_rule_is_found_in_one_statement_more(company: None, after_sales: Any, chen: User) -> None:
    user("sun", "孙宁", [Role.HANDLER], after_sales)
    RoutingRule.objects.create(
        code="leaks", name="漏水", name_en="Leaks", position=1, department=after_sales, strategy="least_loaded"
    )
    statements = statements_of_another()
    assert len(statements) <= 6, "who is dealt the case is chosen in the trip that takes the keys"
    assert set(Ticket.objects.values_list("owner__username", flat=True)) == {"chen", "sun"}


def test_an_edited_limit_counts_from_the_next_case_on(company: None) -> None:
    first = hand_in()
    SlaTarget.objects.filter(metric="resolution").update(amount=3, unit="h")
    second = hand_in()
    lengths = {
        clock.ticket.number: clock.due_at - clock.started_at
        for clock in Clock.objects.filter(metric="resolution").select_related("ticket")
    }
    assert lengths[first["number"]].total_seconds() == 48 * 3600
    assert lengths[second["number"]].total_seconds() == 3 * 3600


def test_an_edited_rule_counts_from_the_next_case_on(company: None) -> None:
    assert hand_in()["tier"] == "L2"
    KeywordRule.objects.create(
        code="leak", words=["漏水"], effect=KeywordRule.Effect.TIER, value="L1", name="漏水", name_en="Leak", position=1
    )
    assert hand_in()["tier"] == "L1"
