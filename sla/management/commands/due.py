"""Prints when a limit ends: `due --start 2026-09-30T16:30:00+08:00 --amount 3 --unit wd [--calendar CODE]`."""

from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from sla import worktime
from sla.errors import WorktimeError, gettext_noop
from sla.management.commands._asking import AskingCommand, Calendars, read_time


class Command(AskingCommand):
    help = _("Prints the due time of a limit, or of each line of a batch.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--start", metavar="ISO")
        parser.add_argument("--amount", metavar="N")
        parser.add_argument("--unit", metavar="UNIT", help=" ".join(worktime.UNITS))
        parser.add_argument(
            "--late-receipt-counts-next-day",
            action="store_true",
            help=_("Working days: a receipt after closing counts as received on the next working day."),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.late = options["late_receipt_counts_next_day"]
        if options["batch"] is not None:
            return self.ask(None, options)
        if None in (options["start"], options["amount"], options["unit"]):
            raise CommandError(_("Give --start, --amount and --unit, or --batch."))
        question = {name: options[name] for name in ("start", "unit")}
        return self.ask(question | {"amount": _number(options["amount"])}, options)

    def answer(self, question: dict[str, Any], calendars: Calendars) -> str:
        for name in ("start", "amount", "unit"):
            if name not in question:
                raise WorktimeError(name, gettext_noop("This part is missing."))
        calendar = calendars.get(question.get("calendar"))
        start = read_time(question["start"], "start", calendar)
        return worktime.due(start, question["amount"], question["unit"], calendar, self.late).isoformat()


def _number(text: str) -> int | Decimal | str:
    """Anything that is no number goes on as text, to be refused in the same words as in a batch."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return int(number) if number.is_finite() and number.adjusted() < 20 and number == int(number) else number
