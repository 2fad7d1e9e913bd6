"""`manage.py invariants`: what must be true of the stored data, and is it."""

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import invariants


class Command(BaseCommand):
    help = "Check what must always be true of the stored data. Exits with 1 and a list when something is not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", action="append", choices=[one.code for one in invariants.INVARIANTS])

    def handle(self, *args: Any, only: list[str] | None, verbosity: int = 1, **options: Any) -> None:
        began, wrong = perf_counter(), 0
        for invariant, lines in invariants.check(timezone.now(), only=only or ()).items():
            wrong += bool(lines)
            if lines or verbosity > 1:
                self.stdout.write(f"{'BROKEN' if lines else 'holds '}  {invariant.code}: {invariant.sentence}")
            for line in lines:
                self.stdout.write(f"        {line}")
            if len(lines) == invariants.MOST:
                self.stdout.write("        … and perhaps more")
        if wrong:
            raise CommandError(f"{wrong} of {len(only or invariants.INVARIANTS)} invariants are broken.")
        if verbosity:
            held = len(only or invariants.INVARIANTS)
            self.stdout.write(f"All {held} invariants hold ({perf_counter() - began:.1f} s).")
