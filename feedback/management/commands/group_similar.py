"""Reads one JSON object a line, `{"id", "text", "region"?, "at"?}`, and prints `{"id", "group"}` a line, in that order.

The group is the `id` of its first member; null for a text that is like no other.
"""

import json
import sys
from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError

from knowledge import similarity


class Command(BaseCommand):
    help = "Group texts that speak of the same trouble, from standard input, one JSON object a line."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=similarity.WITHIN_DAYS)
        parser.add_argument("--alike", type=float, default=similarity.ALIKE, help="likeness from 0 to 1 that joins two")

    def handle(self, *, days, alike, **options):
        items = [self._item(number, line) for number, line in enumerate(sys.stdin, 1) if line.strip()]
        for item, first in zip(items, similarity.group(items, days=days, alike=alike), strict=True):
            named = None if first is None else items[first].id
            self.stdout.write(json.dumps({"id": item.id, "group": named}, ensure_ascii=False))

    def _item(self, number: int, line: str) -> similarity.Item:
        try:
            row = json.loads(line)
            at = datetime.fromisoformat(row["at"]) if row.get("at") else None
            if at and at.tzinfo is None:
                at = at.replace(tzinfo=UTC)
            return similarity.Item(row["id"], str(row["text"]), str(row.get("region") or ""), at)
        except (ValueError, KeyError, AttributeError, TypeError) as wrong:
            raise CommandError(f"line {number}: {wrong!r}") from wrong
