"""What people correct, the classifier learns from: one row a correction."""

from collections.abc import Sequence

from feedback.models import Correction
from tickets.models import TicketEvent

LEARNT = ("nature", "category", "region", "tier")


def from_events(events: Sequence[TicketEvent]) -> None:
    """Keep each class that a person changed although the classifier had proposed it."""
    rows = []
    for event in events:
        if event.kind != "classify" or event.actor_id is None or not event.ticket.verdict:
            continue
        for field, (before, after) in event.data.get("changes", {}).items():
            if field in LEARNT and before == event.ticket.verdict.get(field) and after:
                row = Correction(ticket=event.ticket, field=field, proposed=before or "", corrected=after)
                row.by_id, row.at = event.actor_id, event.at
                rows.append(row)
    if rows:
        Correction.objects.bulk_create(rows)
