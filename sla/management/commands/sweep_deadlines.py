"""Does what is due without Celery: `sweep_deadlines [--at ISO] [--loop]`."""

import signal
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from sla.services_sweep import sweep

EVERY = 2.0  # seconds between two looks
LONGEST_WAIT = 30.0  # seconds between two tries while the database is away


class Command(BaseCommand):
    help = _("Does everything that is due; safe beside any number of workers.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", metavar="ISO", help=_("The instant to sweep for; default: now."))
        parser.add_argument("--loop", action="store_true", help=_("Look every two seconds until ended."))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["loop"] and options["at"]:
            raise CommandError(_("Give --at or --loop, not both."))
        if options["loop"]:
            self.loop(chatty=options["verbosity"] > 1)
        else:
            self.stdout.write(str(sweep(instant(options["at"]))))

    def loop(self, *, chatty: bool) -> None:
        """Ends after the sweep at hand on SIGTERM or SIGINT; survives restarts of the database."""
        self.going = True
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.end)
        wait = EVERY
        while self.going:
            try:
                close_old_connections()
                done = sweep(timezone.now())
                if chatty:
                    self.stdout.write(f"swept: {done}")
                    self.stdout.flush()
                wait = EVERY
            except DatabaseError as error:
                self.stderr.write(f"{type(error).__name__}: {str(error).strip()}")
                connection.close()
                wait = min(wait * 2, LONGEST_WAIT)
            until = time.monotonic() + wait
            while self.going and time.monotonic() < until:
                time.sleep(0.2)

    def end(self, *_: Any) -> None:
        self.going = False


def instant(text: str | None) -> datetime:
    if not text:
        return timezone.now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(_("“%(text)s” is not a time such as 2026-09-30T16:30:00+08:00.") % {"text": text}) from None
    return timezone.make_aware(at) if timezone.is_naive(at) else at
