"""Every move of the table made ready: a case brought to where the move can be made, and what the move takes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Customer, Ticket

LATER = NOON + timedelta(minutes=20)
ANSWER = "已为您更换排水管，今后安装加试水，谢谢。"
PEOPLE = ("lin", "chen", "gao", "han", "zhou", "tang", "after_sales", "logistics", "office")
"""Of the cast, who and what takes part."""


class Stage:
    """A case brought to where a move can be made."""

    def __init__(self, cast: dict[str, Any], wang: Customer) -> None:
        self.__dict__.update(cast)
        self.wang = wang

    def opened(self, **fields: Any) -> Ticket:
        return a_ticket(department=fields.pop("department", self.after_sales), customer=self.wang, **fields)

    def accepted(self, **fields: Any) -> Ticket:
        return tickets.accept(self.opened(**fields), by=self.chen, at=NOON)

    def planned(self) -> Ticket:
        ticket = tickets.investigate(self.accepted(), facts="漏水", by=self.chen, at=NOON)
        return tickets.plan(ticket, measures="换管", limit=NOON + timedelta(days=1), by=self.chen, at=NOON)

    def reported(self) -> Ticket:
        return tickets.report(self.planned(), text="换好了", by=self.chen, at=NOON)

    def passed(self) -> Ticket:
        ticket = tickets.approve(self.reported(), by=self.gao, at=NOON)
        return tickets.approve(ticket, by=self.zhou, at=NOON)

    def resolved(self) -> Ticket:
        return tickets.resolve(self.passed(), text=ANSWER, by=self.chen, at=NOON)

    def offered(self) -> Ticket:
        return tickets.transfer(self.accepted(), department=self.logistics, reason="物流损坏", by=self.chen, at=NOON)

    def shared(self) -> Ticket:
        return tickets.co_assign(self.accepted(), department=self.logistics, task="查运输", by=self.chen, at=NOON)

    def asked_for_more(self) -> Ticket:
        ticket = self.accepted()
        return tickets.extend(
            ticket, new_due=ticket.expected_by + timedelta(days=3), reason="等配件", by=self.chen, at=LATER
        )

    def adopted(self) -> Ticket:
        return tickets.assess(
            self.accepted(nature="suggestion"), verdict="adopt", reason="x", improvement="x",
            due_on=NOON.date() + timedelta(days=9), by=self.chen, at=NOON,
        )  # fmt: skip

    def grouped(self) -> Ticket:
        return tickets.form_group(self.accepted(tier="L1"), leader=self.gao, members=[self.chen], by=self.zhou, at=NOON)

    def over(self) -> Ticket:
        ticket = self.grouped()
        Ticket.objects.filter(pk=ticket.pk).update(status="resolved")
        return ticket

    def merged(self) -> Ticket:
        first, second = self.accepted(), self.accepted()
        return tickets.merge(second, into=first, by=self.zhou, at=NOON)


def moves(stage: Any) -> dict[str, Callable[[], tuple[Ticket, dict[str, Any]]]]:
    """For each verb what makes it ready: the case, and what the move takes."""
    chen, gao, zhou, han = stage.chen, stage.gao, stage.zhou, stage.han
    at, on = {"at": LATER}, stage
    return {
        "classify": lambda: (on.accepted(), at | {"nature": "inquiry", "by": zhou}),
        "assign": lambda: (on.opened(department=None), at | {"department": stage.after_sales, "owner": chen, "by": zhou}),
        "accept": lambda: (on.opened(), at | {"by": chen}),
        "return_to_dispatch": lambda: (on.opened(), at | {"reason": "not_ours", "by": chen}),
        "transfer": lambda: (on.accepted(), at | {"department": stage.logistics, "reason": "x", "by": chen}),
        "accept_transfer": lambda: (on.offered(), at | {"by": han}),
        "decline_transfer": lambda: (on.offered(), at | {"reason": "x", "by": han}),
        "co_assign": lambda: (on.accepted(), at | {"department": stage.logistics, "task": "x", "by": chen}),
        "co_done": lambda: (on.shared(), at | {"text": "x", "by": han}),
        "co_waive": lambda: (on.shared(), at | {"department": stage.logistics, "reason": "x", "by": zhou}),
        "investigate": lambda: (on.accepted(), at | {"facts": "x", "by": chen}),
        "plan": lambda: (on.accepted(), at | {"measures": "x", "limit": NOON + timedelta(days=1), "by": chen}),
        "agree": lambda: (on.planned(), at | {"agreed": True, "text": "x", "by": chen}),
        "assess": lambda: (on.accepted(nature="suggestion"), at | {"verdict": "later", "reason": "x", "by": chen}),
        "improvement_done": lambda: (on.adopted(), at | {"text": "x", "by": chen}),
        "improvement_dropped": lambda: (on.adopted(), at | {"reason": "x", "by": chen}),
        "form_group": lambda: (on.accepted(tier="L1"), at | {"leader": gao, "members": [chen], "by": zhou}),
        "log_work": lambda: (on.grouped(), at | {"text": "x", "by": chen}),
        "report_situation": lambda: (on.grouped(), at | {"text": "x", "by": chen}),
        "conclude_group": lambda: (on.over(), at | {"text": "x", "lessons": "y", "by": chen}),
        "report": lambda: (on.planned(), at | {"text": "x", "by": chen}),
        "approve": lambda: (on.reported(), at | {"by": gao}),
        "reject": lambda: (on.reported(), at | {"reason": "facts", "text": "x", "by": gao}),
        "note": lambda: (on.accepted(), at | {"text": "x", "by": chen}),
        "reply": lambda: (on.accepted(), at | {"text": "x", "via": "email", "by": chen}),
        "request_information": lambda: (on.accepted(), at | {"text": "x", "by": chen}),
        "customer_message": lambda: (on.resolved(), at | {"text": "又漏水了，请再来修。"}),
        "rate": lambda: (on.resolved(), at | {"rating": "dissatisfied"}),
        "wait_over": lambda: (
            tickets.request_information(on.accepted(), text="x", by=chen, at=NOON), at | {"by": None},
        ),
        "promise": lambda: (
            on.accepted(nature="inquiry"), at | {"answer_by": NOON + timedelta(days=1), "message": "x", "by": chen},
        ),
        "extend": lambda: (
            ticket := on.accepted(), at | {"new_due": ticket.expected_by + timedelta(days=3), "reason": "x", "by": chen},
        ),
        "decide_extension": lambda: (on.asked_for_more(), at | {"granted": True, "by": gao}),
        "remind": lambda: (on.accepted(), at | {"by": zhou}),
        "escalate": lambda: (on.accepted(), at | {"reason": "x", "by": zhou}),
        "resolve": lambda: (on.passed(), at | {"text": ANSWER, "by": chen}),
        "close": lambda: (on.resolved(), at | {"by": zhou}),
        "reopen": lambda: (on.resolved(), at | {"reason": "x", "by": zhou}),
        "merge": lambda: (on.accepted(), at | {"into": on.opened(at=NOON - timedelta(days=1)), "by": zhou}),
        "unmerge": lambda: (on.merged(), at | {"by": zhou}),
        "link": lambda: (on.accepted(), at | {"other": on.opened(), "by": zhou}),
        "split": lambda: (on.accepted(), at | {"subject": "x", "content": "y", "by": chen}),
        "change_first_contact": lambda: (on.accepted(), at | {"person": gao, "reason": "x", "by": zhou}),
        "correct_customer": lambda: (on.accepted(), at | {"name": "李", "reason": "x", "by": zhou}),
        "void": lambda: (on.opened(), at | {"reason": "spam", "by": zhou}),
        "restore": lambda: (tickets.void(on.opened(), reason="spam", by=zhou, at=NOON), at | {"by": zhou}),
    }  # fmt: skip
