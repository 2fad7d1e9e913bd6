"""Stream the tickets of a period with their whole history, for another system or for an inspection."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import services as accounts
from accounts.models import AccessLog
from config import export
from reports import periods


class Command(BaseCommand):
    help = "Write tickets received in a period, with events, messages, parts and clocks, one JSON object a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="start", required=True, help="2026-10-01 or an ISO instant")
        parser.add_argument("--to", dest="end", required=True, help="the first instant after the period")
        parser.add_argument("--format", choices=["jsonl"], default="jsonl")
        parser.add_argument("--purpose", default="", help="What for; kept in the access log.")

    def handle(self, *args: Any, start: str, end: str, purpose: str, **options: Any) -> None:
        """Personal data is not masked: the command is the administrator's, and each run stands in the access log."""
        try:
            period = periods.parse(start, end)
        except ValueError as error:
            raise CommandError(f"--from and --to: {error}") from error
        accounts.log_access(
            user=None,
            action=AccessLog.Action.EXPORT,
            subject="export_tickets",
            at=timezone.now(),
            purpose=purpose,
            data={"from": period.start.isoformat(), "to": period.end.isoformat()},
        )
        count = 0
        for row in export.tickets(period.start, period.end):
            self.stdout.write(json.dumps(row, ensure_ascii=False))
            count += 1
        print(f"exported {count}", file=sys.stderr)
