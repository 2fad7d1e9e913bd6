"""Why a clock is due when it is due: `explain_clock NUMBER [--metric M] [--language en]`."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common import wording
from sla import explaining, panels
from sla.models import Clock, Metric
from sla.words import REASONS
from tickets.models import Ticket


class Command(BaseCommand):
    help = _("Prints each clock of a ticket with what was counted.")
    suppressed_base_arguments = {"--settings"}

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="NUMBER")
        parser.add_argument("--metric", choices=Metric.values, metavar="M", help=" ".join(Metric.values))
        parser.add_argument("--language", choices=["zh-hans", "en"], default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, **options: Any) -> None:
        ticket = Ticket.objects.filter(number=options["number"]).first()
        with translation.override(options["language"]):
            if ticket is None:
                raise CommandError(_("There is no ticket %(number)s.") % {"number": options["number"]})
            rows = explaining.of_ticket(ticket, timezone.now())
            wanted = [row for row in rows if options["metric"] in (None, row.clock.metric)]
            if not wanted:
                raise CommandError(_("This ticket has no such clock."))
            for row in wanted:
                self.tell(row)

    def tell(self, row: explaining.Explained) -> None:
        clock = row.clock
        state = Clock.State(clock.state).label
        self.stdout.write(f"{Metric(clock.metric).label} ({clock.metric}), {_('round')} {clock.round}: {state}")
        self.stdout.write("  " + panels.rule(clock))
        self.fact(_("Started"), clock.started_at)
        self.fact(_("Due"), clock.due_at)
        self.fact(_("Stopped"), clock.stopped_at)
        self.fact(_("Missed"), clock.breached_at)
        for part in panels.slot_by_slot(row):
            counted = wording.work_hours(part["length_s"]) if part["kind"] == "counted" else "-"
            self.stdout.write(f"  {local(part['start'])} → {local(part['end'])}  {counted:>7}  {part['text']}")
        total = sum(part["length_s"] for part in row.intervals if part["kind"] == "counted")
        self.stdout.write(f"  {_('Sum, the limit')}: {wording.work_hours(total)} ({total} s)")
        for event in row.events:
            if event.kind in explaining.MOVES:
                who = str(event.by) if event.by else _("the system")
                why = REASONS.get(event.reason, event.reason)
                moved = (
                    f": {local(event.due_before)} → {local(event.due_after)}"
                    if event.due_before and event.due_after
                    else ""
                )
                self.stdout.write(f"  {local(event.at)}  {event.get_kind_display()}, {who}, {why}{moved}")
        self.stdout.write("")

    def fact(self, label: str, at: Any) -> None:
        if at:
            self.stdout.write(f"  {label}: {timezone.localtime(at).isoformat(sep=' ')}")


def local(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
