"""The special report of a major case (A3.3 C3.3 D3.3): gathered from the history, nothing is written twice."""

from typing import Any

from tickets import wording
from tickets.forms import Offer
from tickets.models import SpecialGroup, Ticket

LEFT_OUT = {"note"}  # said among colleagues


def gathered(ticket: Ticket, group: SpecialGroup) -> dict[str, Any]:
    """What the document shows. Nine queries. No personal data of the customer."""
    names = Offer().names()
    events = [event for event in ticket.events.select_related("actor").in_order() if event.kind not in LEFT_OUT]
    rows = [
        {
            "at": event.at, "actor": wording.actor(event), "text": wording.sentence(event, names), "kind": event.kind,
            "said": event.data.get("text", ""),
        }
        for event in events
    ]  # fmt: skip
    reviews = ticket.reviews.exclude(decided_by=None).select_related("decided_by").order_by("decided_at", "pk")
    return {
        "ticket": ticket,
        "group": group,
        "members": list(group.members.select_related("department").order_by("pk")),
        "sheets": list(ticket.handlings.select_related("cause").order_by("round")),
        "reviews": list(reviews),
        "situations": [row for row in rows if row["kind"] == "report_situation"],
        "log": [row for row in rows if row["kind"] == "log_work"],
        "story": rows,
        "breaches": sum(event.kind == "breach" for event in events),
    }
