"""Who may see a ticket and who may move it. The only way pages and the API obtain tickets; unseen is 404."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import Department, User
from accounts.roles import READS_ONLY, SEES_ALL_TICKETS, Role, any_of
from tickets import tracking, workflow
from tickets.models import Improvement, Ticket
from tickets.querysets import WORKING
from tickets.situation import Situation

OFFICE_ONLY = {"restore", "co_waive", "change_first_contact", "correct_customer", "unmerge"}
DECISION = "decide_extension"
NOT_BY_COLLEAGUES = {"register", "customer_message", "rate", "wait_over"}
"""By the door, the customer, or time."""
REVIEWS = {"approve", "reject"}
OF_CO_DEPARTMENTS = {"co_done", "accept_transfer", "decline_transfer"}
OF_GROUPS = {"log_work", "report_situation", "conclude_group"}
OF_IMPROVEMENTS = {"improvement_done", "improvement_dropped"}
SHEDDING = {"accept", "return_to_dispatch", "assign", "void", "merge"}  # what takes a case from whom it went up to
DISPATCH = {"assign", "classify", "void", "reopen", "close", "escalate", "merge", "split"}


def get_ticket(user: User, number: str) -> Ticket:
    """The ticket, if the user may see it. One query. Raises Http404.

    Few were merged or split off: for those the other case is a query more, and for all the others eighty columns fewer.
    """
    related = ("department", "owner", "first_contact", "region", "customer", "category", "problem")
    try:
        return Ticket.objects.visible_to(user).select_related(*related).get(number=number)
    except (Ticket.DoesNotExist, ValueError):
        raise Http404 from None


def still_sees(user: User, ticket: Ticket) -> bool:
    """Whether a case that the user has just moved stays in their sight; a query only where neither their role nor their
    part in it says so."""
    if any_of(user.roles, SEES_ALL_TICKETS):
        return True
    if any_of(user.roles, WORKING) and user.pk in {ticket.owner_id, ticket.first_contact_id}:
        return True
    return Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()


def may(user: User, verb: str, ticket: Ticket) -> bool:
    """Whether the user's roles and department allow the move on a ticket that they see; a query at most.

    The state is checked by the service, and so is who may decide a review. Reading roles move nothing; the office
    moves everything; agents, handlers and heads move what lies with their department or with nobody yet. The answer
    comes from the lead department: a co-department writes notes. A leader moves only the case that came up to them.
    """
    if verb in REVIEWS:
        return user.has_role(Role.HEAD, Role.OFFICE, Role.LEADER)
    if verb == "form_group":
        return user.has_role(Role.OFFICE, Role.LEADER) or (user.has_role(Role.HEAD) and leads(user, ticket.department))
    if verb in OF_GROUPS:
        return user.has_role(*WORKING)  # the service knows who belongs to the group
    suggested = verb in OF_IMPROVEMENTS and ticket.nature == workflow.Nature.SUGGESTION
    if suggested and user.has_role(*WORKING) and is_improving(user, ticket):
        return True
    if set(user.roles) <= READS_ONLY | {Role.LEADER, Role.ADMIN}:
        return user.has_role(Role.LEADER) and user.pk == ticket.owner_id and verb != "restore"
    if user.has_role(Role.OFFICE):
        return True
    if verb in OFFICE_ONLY or is_unasked(verb, ticket):
        return False
    if verb == DECISION:
        return user.has_role(Role.HEAD) and leads(user, ticket.department)
    if verb in SHEDDING and ticket.round > 1 and ticket.owner_id not in (None, user.pk):
        # it went a level up, and comes down only from there
        return user.has_role(Role.HEAD) and leads(user, ticket.department)
    if verb == "void" and ticket.status in workflow.ACCEPTED:
        return user.pk != ticket.owner_id and user.has_role(Role.HEAD) and leads(user, ticket.department)
    mine = user.pk in {ticket.owner_id, ticket.first_contact_id}
    free = ticket.department_id is None or ticket.first_contact_id is None
    if verb in {"note", "remind"}:
        return True
    if verb in OF_CO_DEPARTMENTS and user.department_id in ticket.departments:
        return True
    if mine or (free and user.has_role(Role.AGENT)):
        return True
    if verb not in DISPATCH and user.department_id is not None and user.department_id == ticket.department_id:
        return True
    return user.has_role(Role.HEAD) and leads(user, ticket.department)


def why_not(user: User, verb: str, ticket: Ticket) -> str:
    """The sentence for somebody who may not make a move on a case that they see."""
    if not user.has_role(*WORKING, Role.OFFICE):
        return _("Your role reads cases; it does not change them.")
    if verb in REVIEWS:
        return (
            _("Who handled a case does not review its result.")
            if user.pk == ticket.owner_id
            else _("A result is reviewed by the department’s head, the feedback office or leadership.")
        )
    if is_unasked(verb, ticket):
        return _("Until the customer has said whether it helped, only the feedback office archives the case.")
    if verb in OFFICE_ONLY:
        return _("Only the feedback office does this.")
    if verb == DECISION:
        return _("More time is granted by the head of the department or the feedback office.")
    if verb == "void" and ticket.status in workflow.ACCEPTED:
        return _("Once somebody works on a case, its department’s head or the feedback office declares it void.")
    if verb in SHEDDING and ticket.round > 1 and ticket.owner_id is not None:
        return _("This round went a level up, to %(person)s, who takes it or names who does.") % {
            "person": ticket.owner
        }
    if ticket.department is not None and user.department_id != ticket.department_id:
        return _("%(department)s leads this case and does this.") % {"department": ticket.department}
    return _("You may not do this on this ticket.")


def is_unasked(verb: str, ticket: Ticket) -> bool:
    """Whether the move would archive a case whose customer has not said yet whether the answer helped."""
    return verb == "close" and not ticket.rating


def is_improving(user: User, ticket: Ticket) -> bool:
    return ticket.improvements.filter(owner=user, state=Improvement.State.OPEN).exists()


def leads(user: User, department: Department | None) -> bool:
    """Whether a head's reach holds the department. A query only for somebody who heads another than their own."""
    if department is None:
        return False
    above = {int(part) for part in department.path.split("/") if part.isdigit()}
    if user.department_id in above or department.head_id == user.pk:
        return True
    return Department.objects.filter(pk__in=above, head=user).exists()


def allowed_verbs(user: User, ticket: Ticket, situation: Situation | None = None) -> list[str]:
    """The moves that this user can make now, in the table's order; what the page and the API offer."""
    situation = situation or Situation(ticket)
    return [
        verb
        for verb, move in workflow.MOVES.items()
        if verb not in NOT_BY_COLLEAGUES
        and ticket.status in move.sources
        and may(user, verb, ticket)
        and situation.allows(verb, user)
    ]


def get_by_tracking_code(code: str) -> Ticket:
    """The ticket that a customer follows by its code, or by the signed one of a mail.

    A link of ours went to the customer on record, so that of a merged case leads to the one that goes on. The code alone
    proves no more than that one handed in that very case: name and number can be anybody's (0099). Raises Http404.
    """
    related = ("customer", "category", "region", "merged_into")
    signed = tracking.signed_for(code)
    by_code: dict[str, Any] = {"tracking_digest": tracking.digest(code)}
    if signed is not None:
        by_code = {"pk": signed[0], "customer": signed[1]} if signed[1] else {"pk": signed[0], "customer__isnull": True}
    try:
        ticket = Ticket.objects.select_related(*related).get(**by_code)
    except (Ticket.DoesNotExist, ValueError):
        raise Http404 from None
    if signed is None:
        return ticket
    for _step in range(20):
        if ticket.merged_into is None or ticket.merged_into.customer_id != ticket.customer_id:
            return ticket
        ticket = ticket.merged_into
    raise Http404
