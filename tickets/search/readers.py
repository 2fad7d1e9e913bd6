"""Whose list a case is in, as terms of its search documents: the index itself joins words and readers.

A word that is common, asked for by somebody who sees one case in a hundred, would otherwise be read a hundred times
for each hit. The terms narrow; what a reader may see is said by `TicketQuerySet.visible_to` alone, and always asked
too. They may name a case that the reader does not see, never leave out one that the reader does.

A trigger keeps them when a case changes hands (`kept`, for migrations).
"""

from typing import TYPE_CHECKING, Any

from django.db import migrations
from django.db.models import Q, QuerySet

from accounts.roles import SEES_ALL_TICKETS, Role, any_of
from tickets.querysets import INTAKE, WORKING, improved_by, led_by, together_with
from tickets.search.terms import quote
from tickets.workflow import Level, Status, Tier

if TYPE_CHECKING:
    from accounts.models import User

MARK = "~"
"""Stands before the terms of readers, and in no other."""
FREE = f"{MARK}free"
"""Nobody answers for it yet: in the list of every agent (A4.2)."""
MAJOR = f"{MARK}major"
"""Leadership sees it, wherever it lies."""
SQL = "tickets_readers({0}.department_id, {0}.departments, {0}.owner_id, {0}.first_contact_id, {0}.status, {0}.tier)"


def of(case: Any) -> list[str]:
    """The terms of a ticket, or of one on its way into the table; as `SQL` makes them."""
    people = {case.owner_id, case.first_contact_id} - {None}
    found = [f"{MARK}u{one}" for one in sorted(people)] + [f"{MARK}d{one}" for one in case.departments]
    if case.department_id is None or (case.first_contact_id is None and case.status in INTAKE):
        found.append(FREE)
    if case.tier == Tier.L1:
        found.append(MAJOR)
    return found


def wanted(user: "User") -> str:
    """The terms of what a user may see, as a tsquery; empty for who sees all. A query for heads, else none."""
    if any_of(user.roles, SEES_ALL_TICKETS):
        return ""
    found = [f"{MARK}u{user.pk}"]
    if user.has_role(Role.AGENT):
        found.append(FREE)
    if user.has_role(Role.LEADER):
        found.append(MAJOR)
    if user.has_role(Role.HEAD):
        found += [f"{MARK}d{pk}" for pk in led_by(user).values_list("pk", flat=True)]
    if user.department_id:
        found.append(f"{MARK}d{user.department_id}")
    return " | ".join(map(quote, dict.fromkeys(found)))


def beside(user: "User") -> tuple[QuerySet, ...]:
    """Subqueries of the few cases that a user sees for another reason than their terms tell: by group, idea or rank."""
    from tickets.models import Ticket

    if any_of(user.roles, SEES_ALL_TICKETS) or not any_of(user.roles, WORKING):
        return ()
    found: list[QuerySet] = [together_with(user), improved_by(user)]
    if user.has_role(Role.LEADER):
        raised = Q(level=Level.LEADERSHIP)
        found.append(Ticket.objects.order_by().filter(raised | Q(status=Status.IN_REVIEW)).values("pk"))
    return tuple(found)


def kept() -> list[migrations.RunSQL]:
    """The function that makes the terms, and the trigger that changes them with the case."""
    drop = [
        "DROP TRIGGER tickets_readers ON tickets_ticket",
        "DROP FUNCTION tickets_readers_changed()",
        "DROP FUNCTION tickets_readers(bigint, bigint[], bigint, bigint, text, text)",
    ]
    return [migrations.RunSQL([_FUNCTION, _CHANGED, _TRIGGER], [*drop])]


_FUNCTION = f"""
CREATE FUNCTION tickets_readers(
    lead bigint, departments bigint[], owner bigint, first_contact bigint, status text, tier text
) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_remove(ARRAY[
        '{MARK}u' || owner, '{MARK}u' || first_contact,
        CASE WHEN lead IS NULL OR (first_contact IS NULL AND status IN ('new', 'assigned')) THEN '{FREE}' END,
        CASE WHEN tier = 'L1' THEN '{MAJOR}' END
    ], NULL) || ARRAY(SELECT '{MARK}d' || one FROM unnest(departments) AS one)
$$"""

_CHANGED = f"""
CREATE FUNCTION tickets_readers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before text[] := {SQL.format("OLD")}; now text[] := {SQL.format("NEW")};
BEGIN
    IF NOT (before @> now AND now @> before) THEN
        UPDATE tickets_searchdocument SET tsv = ts_delete(tsv, before) || array_to_tsvector(now) WHERE ticket_id = NEW.id;
    END IF;
    RETURN NULL;
END $$"""

_TRIGGER = """
CREATE TRIGGER tickets_readers
AFTER UPDATE OF department_id, departments, owner_id, first_contact_id, status, tier ON tickets_ticket
FOR EACH ROW EXECUTE FUNCTION tickets_readers_changed()"""
