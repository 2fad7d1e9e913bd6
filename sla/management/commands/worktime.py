"""Prints working seconds: `worktime --from ISO --to ISO [--calendar CODE]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from sla import worktime
from sla.errors import WorktimeError, gettext_noop
from sla.management.commands._asking import AskingCommand, Calendars, read_time


class Command(AskingCommand):
    help = _("Prints the working seconds between two times, or of each line of a batch.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from", dest="from", metavar="ISO")
        parser.add_argument("--to", dest="to", metavar="ISO")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["batch"] is not None:
            return self.ask(None, options)
        if None in (options["from"], options["to"]):
            raise CommandError(_("Give --from and --to, or --batch."))
        return self.ask({name: options[name] for name in ("from", "to")}, options)

    def answer(self, question: dict[str, Any], calendars: Calendars) -> str:
        for name in ("from", "to"):
            if name not in question:
                raise WorktimeError(name, gettext_noop("This part is missing."))
        calendar = calendars.get(question.get("calendar"))
        worked = worktime.working_between(
            read_time(question["from"], "from", calendar), read_time(question["to"], "to", calendar), calendar
        )
        seconds = worked.days * 86_400 + worked.seconds
        return f"{seconds}.{worked.microseconds:06d}".rstrip("0") if worked.microseconds else str(seconds)
