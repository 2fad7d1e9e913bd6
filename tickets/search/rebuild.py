"""The search index made anew from the tickets what was said on them and the names of their files, without keeping anybody from working."""

from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Case, When

from tickets.models import Attachment, Message, SearchDocument, Ticket
from tickets.search import index as search

BATCH = 500


def rebuild(*, batch: int = BATCH) -> Iterator[tuple[int, int]]:
    """Goes through all tickets by their key, a transaction a batch; yields (done, highest key) after each.

    Safe to stop and to run again; a ticket moved meanwhile waits for its batch and is indexed once.
    """
    done, last = 0, 0
    while True:
        with transaction.atomic():
            rows = list(
                Ticket.objects.select_for_update(of=("self",))
                .select_related("customer")
                .filter(pk__gt=last)
                .order_by("pk")[:batch]
            )
            if not rows:
                return
            index_again(rows)
        done, last = done + len(rows), rows[-1].pk
        yield done, last


def index_again(tickets: list[Ticket]) -> None:
    """Make the documents of some tickets anew, after their customer has changed too. Three queries."""
    said: dict[int, list[tuple[str, str]]] = defaultdict(list)
    inside = Case(When(direction=Message.Direction.INTERNAL, then=True), default=False)
    messages = Message.objects.filter(ticket__in=tickets).annotate(inside=inside).order_by()
    files = Attachment.objects.filter(ticket__in=tickets).order_by()
    every = messages.values_list("ticket_id", "inside", "text", "at", "pk").union(
        files.values_list("ticket_id", "internal", "name", "uploaded_at", "pk"), all=True
    )
    for ticket_id, internal, text, _at, _pk in every.order_by("at", "pk"):
        said[ticket_id].append((search.INTERNAL if internal else search.PUBLIC, text))
    SearchDocument.objects.filter(ticket__in=tickets).delete()
    documents = []
    for ticket in tickets:
        texts: dict[str, list[str]] = {search.PUBLIC: [search.text_of(ticket)], search.INTERNAL: []}
        for visibility, text in said[ticket.pk]:
            texts[visibility].append(text)
        for visibility, parts in texts.items():
            if parts:
                personal = search.personal_of(ticket) if visibility == search.PUBLIC else ""
                documents.append((ticket.pk, visibility, "\n".join(parts), personal))
    search.add(documents)
