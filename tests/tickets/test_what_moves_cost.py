"""Every move of the table makes few queries, its listeners included: clocks, notices, follow-ups, search."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sla import services_setup
from tests.make import NOON
from tests.stage import ANSWER, LATER, PEOPLE, Stage, moves
from tickets import defaults, views, workflow
from tickets import services as tickets
from tickets.models import Customer

pytestmark = pytest.mark.django_db
MOST = 13
TWO_CASES = {"merge", "link"}
"""Of each of them the version is raised. Every other move writes its case once, with what its listeners set on it."""
PINNED = {
    verb: count
    for count, verbs in (
        (5, "escalate wait_over"),
        (6, "assess note remind"),
        (7, "agree change_first_contact conclude_group investigate link log_work transfer"),
        (8, "accept decline_transfer improvement_done improvement_dropped merge"),
        (9, "restore classify close co_assign co_waive extend plan void"),
        (10, "accept_transfer promise reopen reply"),
        (11, "approve assign co_done decide_extension form_group rate request_information"),
        (
            12,
            "correct_customer customer_message reject report report_situation resolve return_to_dispatch split",
        ),
        (13, "unmerge"),
    )
    for verb in verbs.split()
}
"""What each move asks the database today, clocks, notices, follow-ups and webhooks included. Fewer is welcome."""


@pytest.fixture
def house(customer_service, after_sales, logistics, office, lin, chen, gao, han, zhou, tang):
    defaults.create_defaults()
    services_setup.create_defaults()


@pytest.fixture
def wang(db):
    return Customer.objects.create(name="王小明", phone="13800001234", email="wang@example.com", created_at=NOON)


@pytest.fixture
def cast(request, house):
    return {name: request.getfixturevalue(name) for name in PEOPLE}


def statements(made):
    return [query["sql"] for query in made.captured_queries if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("verb", sorted(set(workflow.MOVES) - {"register"}))
def test_a_move_makes_few_queries(verb, cast, wang):
    made_ready, move = moves(Stage(cast, wang))[verb], getattr(tickets, verb)
    for _time in range(2):  # the first one reads the settings that are remembered afterwards
        ticket, arguments = made_ready()
        with CaptureQueriesContext(connection) as made:
            move(ticket, **arguments)
    assert len(statements(made)) <= PINNED[verb], statements(made)
    written = [sql for sql in statements(made) if 'UPDATE "tickets_ticket"' in sql]
    assert len(written) <= (2 if verb in TWO_CASES else 1), written


POSTED = {
    "resolve": ("say", {"verb": "resolve", "text": ANSWER, "via": "web"}),
    "reject": ("reject", {"reason": "evidence", "text": "缺照片"}),
    "return_to_dispatch": ("return_to_dispatch", {"reason": "not_ours", "text": "是物流"}),
    "assign": ("assign", {"department": "logistics", "reason": "属物流"}),
}
MOST_AROUND = 5
"""Who it is (session, account), the case as they see it, what stands open in it, and whether they see it still."""


@pytest.mark.parametrize("verb", POSTED)
def test_the_page_that_asks_for_it_adds_few(verb, cast, wang, client, monkeypatch):
    monkeypatch.setattr(views.timezone, "now", lambda: LATER)
    made_ready, (place, typed) = moves(Stage(cast, wang))[verb], POSTED[verb]
    for _time in range(2):
        ticket, arguments = made_ready()
        client.force_login(arguments["by"])
        with CaptureQueriesContext(connection) as made:
            address = reverse("tickets:move", args=[ticket.number, place])
            assert client.post(address, typed | {"version": ticket.version}).status_code == 302
    assert len(statements(made)) <= PINNED[verb] + MOST_AROUND, statements(made)


def test_no_move_makes_more_than_twelve():
    assert max(PINNED.values()) == MOST


def test_every_move_is_measured(cast, wang):
    assert moves(Stage(cast, wang)).keys() == workflow.MOVES.keys() - {"register"}
