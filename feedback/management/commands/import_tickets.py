"""Bring history in from another system or a spreadsheet (`intake.md`); safe to run twice."""

import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets.imported.services_import_file import Outcome, analyze, import_file, names_of

MANY = 10_000
MOST_NAMED = 50


class Command(BaseCommand):
    help = "Import tickets from a JSON Lines file. Lines that are here already are skipped; bad ones are named with the reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="A file of one JSON object a line; - reads standard input.")
        parser.add_argument("--source", default="", help="Name of the other system; the file's name by default.")
        parser.add_argument("--progress", action="store_true", help="Tell how far it is, on standard error.")
        parser.add_argument("--processes", type=int, default=0, help="How many share a long file; 0 decides itself.")

    def handle(self, *, file: str, source: str, progress: bool, processes: int, **_options: Any) -> None:
        source = (source or ("stdin" if file == "-" else Path(file).stem))[:100]
        names_of.cache_clear()
        if file == "-":
            told = self.read(sys.stdin.buffer, source, progress, processes)
        else:
            try:
                with open(file, "rb") as lines:
                    told = self.read(lines, source, progress, processes)
            except OSError as error:
                raise CommandError(str(error)) from None
        if told.imported >= MANY:
            analyze()
        for name, count in told.left_out.most_common(MOST_NAMED):
            self.stderr.write(f"field {name[:100]!r} is not known and was left out, in {count} lines")
        self.stdout.write(f"imported {told.imported}, skipped {told.skipped}, failed {len(told.bad)}")

    def read(self, lines: IO[bytes], source: str, progress: bool, processes: int) -> Outcome:
        told = Outcome()
        try:
            for batch in import_file(lines, source=source, processes=processes):
                told.imported += batch.imported
                told.skipped += batch.skipped
                told.bad += batch.bad
                told.left_out += batch.left_out
                for number, reason in sorted(batch.bad + batch.notes):
                    self.stderr.write(f"line {number}: {reason}")
                if progress:
                    self.stderr.write(f"{told.lines} lines")
        except BrokenProcessPool:
            raise CommandError(
                "A process of the import was ended. Run it again: it goes on where it stopped."
            ) from None
        return told
