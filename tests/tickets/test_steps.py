"""The steps of a round on the page: what is done, by whom, and where the case stands now (A4.1 B3.4)."""

import pytest
from django.utils import translation

from tests.make import NOON, a_ticket
from tests.stage import ANSWER
from tickets import defaults, steps
from tickets import services as tickets
from tickets.situation import Situation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(customer_service, office, gao, zhou):
    defaults.create_defaults()


def way(ticket):
    with translation.override("en"):
        return steps.of(ticket, list(ticket.events.select_related("actor").in_order()), Situation(ticket))


def now(ticket):
    found = [(row["label"], row["note"]) for row in way(ticket) if row["state"] == "now"]
    assert len(found) == 1
    return found[0]


def done(ticket):
    return [row["label"] for row in way(ticket) if row["state"] == "done"]


def labels(ticket):
    return [row["label"] for row in way(ticket)]


def test_a_complaint_goes_by_investigation_plan_agreement_report_and_review(chen, gao, zhou, after_sales):
    ticket = a_ticket()
    assert now(ticket)[0] == "Assignment"
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=NOON)
    assert now(ticket)[0] == "Acceptance"
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    assert now(ticket)[0] == "Answer"
    ticket = tickets.reply(ticket, text="已安排师傅", by=chen, at=NOON)
    assert now(ticket)[0] == "Investigation"
    ticket = tickets.investigate(ticket, facts="接头未拧紧", by=chen, at=NOON)
    assert now(ticket)[0] == "Plan"
    ticket = tickets.plan(ticket, measures="换管", by=chen, at=NOON)
    assert now(ticket)[0] == "Agreement with the customer"
    ticket = tickets.agree(ticket, agreed=True, text="同意", by=chen, at=NOON)
    assert now(ticket)[0] == "Report of the result"
    ticket = tickets.report(ticket, text="换好了", by=chen, at=NOON)
    assert now(ticket) == ("Review", "Department head")
    ticket = tickets.approve(ticket, by=gao, at=NOON)
    assert now(ticket) == ("Review", "Feedback office")
    ticket = tickets.reject(ticket, reason="evidence", text="缺照片", by=zhou, at=NOON)
    assert now(ticket) == ("Report of the result", "sent back 1 time")
    ticket = tickets.report(ticket, text="附照片", by=chen, at=NOON)
    for person in (gao, zhou):
        ticket = tickets.approve(ticket, by=person, at=NOON)
    assert now(ticket)[0] == "Resolution"
    ticket = tickets.resolve(ticket, text=ANSWER, by=chen, at=NOON)
    assert now(ticket)[0] == "Archiving"
    ticket = tickets.close(ticket, by=zhou, at=NOON, reason="person")
    assert labels(ticket) == done(ticket) == [
        "Registration", "Assignment", "Acceptance", "Answer", "Investigation", "Plan", "Agreement with the customer",
        "Report of the result", "Review", "Resolution", "Archiving",
    ]  # fmt: skip
    assert next(row["note"] for row in way(ticket) if row["label"] == "Review") == str(zhou)


def test_a_new_round_begins_its_way_anew(chen, gao, zhou, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.investigate(ticket, facts="x", by=chen, at=NOON)
    ticket = tickets.plan(ticket, measures="x", by=chen, at=NOON)
    ticket = tickets.report(ticket, text="x", by=chen, at=NOON)
    for person in (gao, zhou):
        ticket = tickets.approve(ticket, by=person, at=NOON)
    ticket = tickets.resolve(ticket, text=ANSWER, by=chen, at=NOON)
    ticket = tickets.rate(ticket, rating="dissatisfied", at=NOON)
    assert done(ticket) == ["Registration", "Assignment"]
    assert now(ticket)[0] == "Acceptance"


def test_a_suggestion_is_assessed_and_an_inquiry_only_answered(chen, after_sales):
    suggestion = tickets.accept(a_ticket(nature="suggestion", department=after_sales), by=chen, at=NOON)
    assert "Assessment" in labels(suggestion) and "Plan" not in labels(suggestion)
    inquiry = tickets.accept(a_ticket(nature="inquiry", department=after_sales), by=chen, at=NOON)
    assert labels(inquiry) == ["Registration", "Assignment", "Acceptance", "Answer", "Resolution", "Archiving"]


def test_what_is_void_waits_for_nothing(zhou, after_sales):
    ticket = tickets.void(a_ticket(department=after_sales), reason="spam", by=zhou, at=NOON)
    assert [row for row in way(ticket) if row["state"] == "now"] == []
    assert done(ticket) == labels(ticket) == ["Registration", "Assignment"]


def test_without_a_name_nobody_is_asked_to_agree(chen, after_sales):
    ticket = tickets.accept(a_ticket(anonymous=True, department=after_sales), by=chen, at=NOON)
    assert "Agreement with the customer" not in labels(ticket)
