"""Print every figure of a period as JSON or as lines."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports import kpi, periods
from reports.definitions import DEFINITIONS, shown
from reports.split import DIMENSIONS, Split
from tickets.models import Ticket


class Command(BaseCommand):
    help = "Print the figures of a period; times without an offset are the organisation's."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="start", required=True, help="2026-10-01 or an ISO instant")
        parser.add_argument("--to", dest="end", required=True, help="the first instant after the period")
        parser.add_argument("--by", choices=list(DIMENSIONS))
        parser.add_argument("--interval", choices=periods.INTERVALS)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = periods.parse(options["start"], options["end"])
        except ValueError as error:
            raise CommandError(f"--from and --to: {error}") from error
        split = Split((options["by"],) if options["by"] else (), options["interval"])
        told = kpi.figures(Ticket.objects.all(), period, split)
        if options["as_json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for group in [told, *told.get("groups", ())]:
            named = (
                group.get("key", "") if "period" not in group else f"{told['period']['from']} – {told['period']['to']}"
            )
            self.stdout.write(f"{named} {group.get('interval', '')}".rstrip())
            for code, answer in group["figures"].items():
                self.stdout.write(f"  {DEFINITIONS[code].name}: {shown(code, kpi.main_value(code, answer))}")
