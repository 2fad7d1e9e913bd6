"""Entering many papers at once: each row is registered or comes back with what is wrong; nothing typed is lost.

A row is known again by its words, not by a token: a page sent twice, or a draft that the browser brings back after
the network broke, enters no paper twice. Two papers with the same words are told apart by the clerk (`another`).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from feedback.paper.forms import PaperForm
from feedback.paper.models import BoxOpening, PaperItem
from feedback.services import Receipt
from tickets.attachments import files
from tickets.models import Attachment

MOST_ROWS = 60

Take = Callable[[dict[str, Any], Sequence[Attachment], str, int], Receipt]
"""Registers one row: fields, scans, digest, copy."""


@dataclass
class Outcome:
    """`entered` in the order of the page; `wrong` rows carry their errors; `left_out` are those known already."""

    entered: list[Receipt] = field(default_factory=list)
    wrong: list[PaperForm] = field(default_factory=list)
    left_out: int = 0


def enter(
    rows: Sequence[PaperForm],
    *,
    opening: BoxOpening | None,
    take: Take,
    leave_out_known: bool,
    refusals: tuple[type[Exception], ...] = (),
    at: datetime,
) -> Outcome:
    """Register every row that is right, each in a transaction of its own. `refusals` are errors worded for the clerk."""
    outcome = Outcome()
    known = known_papers({digest_of(row.cleaned_data) for row in rows if not row.errors}, opening)
    seen: Counter[str] = Counter()
    for row in rows:
        scans = row.stored(at=at, cut_off=[])
        if row.errors:
            outcome.wrong.append(row)
            continue
        digest = digest_of(row.cleaned_data)
        copy, before = seen[digest], known.get(digest, [])
        seen[digest] += 1
        if copy < len(before):
            if leave_out_known:
                outcome.left_out += 1
                continue
            if not row.cleaned_data["another"]:
                row.known_as = before[copy]
                row.add_error(None, _("The same words are entered already as %(number)s.") % {"number": before[copy]})
                outcome.wrong.append(row)
                continue
            copy += len(before)
        try:
            outcome.entered.append(take(row.cleaned_data, scans, digest, copy))
        except IntegrityError:  # the same page a second time, at the same moment
            row.add_error(None, _("This paper was just being entered from another page. Send it once more."))
            outcome.wrong.append(row)
        except files.FileRefused as refused:
            row.add_error("uploads", refused)
            outcome.wrong.append(row)
        except refusals as refused:
            row.add_error(None, str(refused))
            outcome.wrong.append(row)
    return outcome


def digest_of(fields: dict[str, Any]) -> str:
    stated = {name: value for name, value in fields.items() if name not in {"another", "uploads"}}
    return hashlib.sha256(json.dumps(stated, sort_keys=True, default=str).encode()).hexdigest()


def known_papers(digests: set[str], opening: BoxOpening | None) -> dict[str, list[str]]:
    """Numbers of the cases of papers with the same words, within the opening. One query, none for no rows."""
    found: dict[str, list[str]] = {}
    if digests:
        rows = PaperItem.objects.filter(opening=opening, digest__in=digests).order_by("copy")
        for digest, number in rows.values_list("digest", "ticket__number"):
            found.setdefault(digest, []).append(number)
    return found
