"""Reads published holidays into a calendar: `import_holidays FILE [--calendar office] [--known-until 2027-12-31]`."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from sla import services_calendars
from sla.errors import WorktimeError
from sla.forms import rows_of_file
from sla.models import Calendar


class Command(BaseCommand):
    help = _("Imports holidays and make-up days from JSON or ICS; what was entered by hand stays.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--calendar", metavar="CODE", default="office")
        parser.add_argument("--known-until", metavar="DATE", type=date.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        calendar = Calendar.objects.filter(code=options["calendar"]).first()
        if calendar is None:
            raise CommandError(_("There is no calendar “%(code)s”.") % {"code": options["calendar"]})
        try:
            data = Path(options["file"]).read_bytes()
            rows, reaches = rows_of_file(data, services_calendars.usual_hours(calendar))
            written, moved = services_calendars.import_days(
                calendar, rows, known_until=options["known_until"] or reaches, at=timezone.now()
            )
        except OSError as error:
            raise CommandError(f"{error.strerror}: {options['file']}") from None
        except WorktimeError as error:
            raise CommandError(error.sentence(_)) from None
        self.stdout.write(_("%(days)s days written, %(moved)s due times moved.") % {"days": written, "moved": moved})
