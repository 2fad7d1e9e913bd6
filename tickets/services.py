"""The verbs of a ticket's life, for everybody above: `from tickets import services as tickets`.

Every verb is atomic and keyword-only, takes the actor (`by`) and the instant (`at`), locks the ticket first, checks
`version` when the caller sent one, writes one event, returns the ticket. Raises `ActionNotAllowed`, `StaleTicket`.
"""

from tickets.answers.services import (
    customer_message,
    note,
    rate,
    reply,
    request_information,
    resolve,
)
from tickets.dispatch.services import Along, accept, assign, classify, open, return_to_dispatch
from tickets.dispatch.services_orphans import rehouse
from tickets.dispatch.services_routing import Route, case_of, deal_waiting, route, wait
from tickets.groups.services import call_together, conclude_group, form_group, log_work, report_situation
from tickets.handling.services import agree, assess, investigate, plan, report
from tickets.handling.services_improvements import improvement_done, improvement_dropped, remind_of_improvements
from tickets.handling.services_review import approve, reject
from tickets.joining.services import change_first_contact, link, merge, split, unmerge
from tickets.joining.services_customer import correct_customer
from tickets.more_time.services import decide_extension, extend, promise
from tickets.more_time.services_overdue import Overdue, PastBreach, TimeEvent, go_overdue, record_past
from tickets.moves import ActionNotAllowed, StaleTicket
from tickets.parts.services import accept_transfer, co_assign, co_done, co_waive, decline_transfer, transfer
from tickets.problems.services_problem import group
from tickets.services_end import close, escalate, remind, reopen, restore, void, wait_over

__all__ = [
    "ActionNotAllowed",
    "Along",
    "Overdue",
    "PastBreach",
    "Route",
    "StaleTicket",
    "TimeEvent",
    "accept",
    "accept_transfer",
    "agree",
    "approve",
    "assess",
    "assign",
    "call_together",
    "case_of",
    "change_first_contact",
    "classify",
    "close",
    "co_assign",
    "co_done",
    "co_waive",
    "conclude_group",
    "correct_customer",
    "customer_message",
    "deal_waiting",
    "decide_extension",
    "decline_transfer",
    "escalate",
    "extend",
    "form_group",
    "go_overdue",
    "group",
    "improvement_done",
    "improvement_dropped",
    "investigate",
    "link",
    "log_work",
    "merge",
    "note",
    "open",
    "plan",
    "promise",
    "rate",
    "record_past",
    "rehouse",
    "reject",
    "remind",
    "remind_of_improvements",
    "reopen",
    "reply",
    "report",
    "report_situation",
    "request_information",
    "resolve",
    "restore",
    "return_to_dispatch",
    "route",
    "split",
    "transfer",
    "unmerge",
    "void",
    "wait",
    "wait_over",
]
