"""What was erased stays erased: an import or a hook that brings it again is known by its reference (PIPL, D6).

The reference itself goes with the content. What is kept is its digest under `SECRET_KEY`: numbers of orders can be
counted through, and a plain digest of them would tell what they were.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils.crypto import salted_hmac

from tickets.models import ErasedReference, Ticket


def digest(source: str, reference: str) -> str:
    return salted_hmac("tickets.erased", f"{source}\0{reference}", algorithm="sha256").hexdigest()


def remember(ticket: Ticket, *, at: datetime) -> None:
    """Before the case is emptied. One statement, none for a case that came without a reference."""
    if ticket.external_id:
        row = ErasedReference(digest=digest(ticket.source, ticket.external_id), erased_at=at)
        ErasedReference.objects.bulk_create([row], ignore_conflicts=True)


def among(source: str, references: Iterable[str]) -> set[str]:
    """Those of a source's references whose cases were erased. One query, none for no references."""
    asked = {digest(source, one): one for one in references if one}
    if not asked:
        return set()
    found = ErasedReference.objects.filter(digest__in=list(asked)).values_list("digest", flat=True)
    return {asked[one] for one in found}
