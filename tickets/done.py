"""What a page says after each move, in a sentence: what is so now, and who knows of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

BY_WAY: dict[tuple[str, str], Any] = {
    ("reply", "phone"): _("The call is on record."),
    ("reply", "letter"): _("The letter is on record; print it beside it and post it."),
}
"""What is so where words did not go out by themselves."""


def sentence(verb: str, via: str = "") -> str:
    return str(BY_WAY.get((verb, via)) or DONE[verb])


DONE: dict[str, Any] = {
    "classify": _("The classification is saved."),
    "assign": _("The case is assigned; the department is told."),
    "accept": _("The case is accepted."),
    "return_to_dispatch": _("The case is returned; the feedback office is told."),
    "transfer": _("The case is offered. You answer for it until it is taken over."),
    "accept_transfer": _("The case is taken over."),
    "decline_transfer": _("The offer is declined; the sender is told."),
    "co_assign": _("The department is asked for its part, and its limit runs."),
    "co_done": _("The part is done; the lead is told."),
    "co_waive": _("The case goes on without this part."),
    "investigate": _("The investigation is on record."),
    "plan": _("The plan is saved."),
    "agree": _("What the customer said to the plan is on record."),
    "assess": _("The assessment is on record."),
    "improvement_done": _("On record: the improvement is done."),
    "improvement_dropped": _("On record: the improvement is dropped."),
    "form_group": _("The special group is formed; its members are told."),
    "log_work": _("It stands in the group’s log."),
    "report_situation": _("The report went to leadership."),
    "conclude_group": _("The special report is saved."),
    "report": _("The result is reported."),
    "approve": _("The review is passed."),
    "reject": _("The result is sent back; the owner is told."),
    "note": _("The note is saved. Only colleagues see it."),
    "reply": _("The reply goes to the customer."),
    "request_information": _("The question goes to the customer; the case waits for the answer."),
    "promise": _("The promise is on record; the customer is told."),
    "extend": _("More time is asked for; nothing moves until it is decided."),
    "decide_extension": _("The decision is on record; who asked is told."),
    "remind": _("The reminder went to those who answer for the case."),
    "escalate": _("The case is one level higher now; those who answer there are told."),
    "resolve": _("The case is resolved."),
    "close": _("The case is archived."),
    "reopen": _("The next round has begun, one level up."),
    "merge": _("The cases are merged."),
    "unmerge": _("The merge is undone."),
    "link": _("The cases are linked."),
    "split": _("A new case is split off."),
    "change_first_contact": _("The first contact is changed; the new one is told."),
    "correct_customer": _("The customer of the case is corrected."),
    "void": _("The case is void; it is not counted in figures."),
    "restore": _("The case lives again and waits to be assigned."),
}
