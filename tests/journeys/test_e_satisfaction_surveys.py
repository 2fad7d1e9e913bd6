"""用户满意度调查管理规定 (E), as far as it exists: the follow-up after a case, by link or by call, and its figures.

Surveys of their own (plans at 30 days, 3 and 12 months, visit sheets, corrective measures per survey) are not built; the
page `docs/regulations.md` says so clause by clause.
"""

from datetime import date, timedelta

import pytest

from reports import kpi
from reports.periods import between
from surveys import services as surveys
from surveys.models import FollowUp
from tests.journeys.house import house, mails, on
from tests.make import a_ticket
from tickets import services as tickets
from tickets.models import Customer, Ticket

__all__ = ["house"]
pytestmark = pytest.mark.django_db


def resolved(by, department, **customer):
    person = Customer.objects.create(created_at=on("11-23", "09:00"), **customer)
    ticket = a_ticket(on("11-23", "09:00"), department=department, customer=person, nature="inquiry")
    ticket = tickets.accept(ticket, by=by, at=on("11-23", "09:30"))
    return tickets.resolve(ticket, text="已告知，谢谢。", via="phone", by=by, at=on("11-23", "10:00"))


def test_e(house, lin, chen, gao, after_sales):
    by_mail = resolved(chen, after_sales, name="甲", email="a@example.com")
    by_call = resolved(chen, after_sales, name="乙", phone="13800001111")
    silent = resolved(chen, after_sales, name="丙", email="c@example.com")
    assert sorted(FollowUp.objects.values_list("mode", flat=True)) == ["call", "link", "link"]

    # E4: a questionnaire by link, reminded twice; a call by somebody else than the handler
    surveys.send_due(on("11-24", "11:00"))
    surveys.answer(by_mail, stars=5, comment="很好", at=on("11-24", "12:00"))
    with pytest.raises(surveys.AnswerRefused):
        surveys.answer(by_call, rating="satisfied", by=chen, at=on("11-24", "14:00"))
    again = surveys.answer(by_call, rating="dissatisfied", comment="没讲清楚", by=lin, at=on("11-24", "14:10"))

    # E8.5: dissatisfaction is handled again, one level up, until the problem is gone
    assert (again.round, again.owner) == (2, gao)
    again = tickets.accept(again, by=gao, at=on("11-24", "14:30"))
    again = tickets.resolve(again, text="已当面说明，谢谢。", via="phone", by=gao, at=on("11-24", "16:00"))
    surveys.answer(again, rating="satisfied", by=lin, at=on("11-25", "10:00"))

    # who does not answer after two reminders is not reached, and counted apart
    for days in range(1, 20):
        surveys.send_due(on("11-24", "11:00") + timedelta(days=days))
    assert FollowUp.objects.get(ticket=silent).state == "not_reached"
    assert mails(silent).count("follow_up") == 3
    figures = kpi.figures(Ticket.objects.counted(), between(date(2026, 11, 1), date(2027, 1, 1)))["figures"]
    assert figures["response_rate"]["rate"] == 0.5  # of two questions sent by link; calls are counted by their ratings
    satisfaction = figures["satisfaction"]  # of first rounds: the second ones never mend them
    assert (satisfaction["satisfied"], satisfaction["dissatisfied"]) == (1, 1)
