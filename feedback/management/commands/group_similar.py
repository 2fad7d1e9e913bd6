"""Reads one JSON object a line, `{"id", "text", "region"?, "at"?}`, and prints `{"id", "group"}` a line, in that order.

The group is the `id` of its first member; null for a text that is like no other. A line that is none of these is answered with its
number, the rest goes on, and the exit status is 1.
"""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.management.base import BaseCommand

from common.text import storable
from knowledge import similarity


class Command(BaseCommand):
    help = "Group texts that speak of the same trouble, from standard input, one JSON object a line."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=similarity.WITHIN_DAYS)
        parser.add_argument("--alike", type=float, default=similarity.ALIKE, help="likeness from 0 to 1 that joins two")

    def handle(self, *, days, alike, **options):
        read = [_item(number, line) for number, line in enumerate(sys.stdin, 1) if line.strip()]
        items = [one for one in read if isinstance(one, similarity.Item)]
        places = iter(similarity.group(items, days=days, alike=alike))
        for one in read:
            if isinstance(one, similarity.Item):
                first = next(places)
                answer = {"id": one.id, "group": None if first is None else items[first].id}
            else:
                answer = {"id": None, "line": one.number, "error": "not a line to group"}
                self.stderr.write(f"line {one.number}: {one.wrong}")
            written = json.dumps(answer, ensure_ascii=False)
            self.stdout.write(written if storable(written) else json.dumps(answer))
        if len(items) < len(read):
            sys.exit(1)


@dataclass(frozen=True)
class Bad:
    number: int
    wrong: str


def _item(number: int, line: str) -> similarity.Item | Bad:
    try:
        row = json.loads(line.removeprefix("\ufeff"))
        at = datetime.fromisoformat(row["at"]) if row.get("at") else None
        if at and at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        return similarity.Item(row["id"], str(row["text"] or ""), str(row.get("region") or ""), at)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as wrong:
        return Bad(number, repr(wrong)[:200])
