"""Bring history in from another system or a spreadsheet (`intake.md`); safe to run twice."""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from tickets import import_lines, services_import

BATCH = 1000


class Command(BaseCommand):
    help = "Import tickets from a JSON Lines file. Lines that were imported before are skipped, bad ones are reported."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="A file of one JSON object a line; - reads standard input.")
        parser.add_argument("--source", default="", help="Name of the other system; the file's name by default.")
        parser.add_argument("--progress", action="store_true", help="Tell how far it is, on standard error.")

    def handle(self, *, file: str, source: str, progress: bool, **_options: Any) -> None:
        self.imported = self.skipped = self.failed = 0
        source = (source or ("stdin" if file == "-" else Path(file).stem))[:100]
        names = services_import.Names()
        if file == "-":
            self.read(sys.stdin.buffer, source, names, progress)
        else:
            try:
                with open(file, "rb") as lines:
                    self.read(lines, source, names, progress)
            except OSError as error:
                raise CommandError(str(error)) from None
        self.stdout.write(f"imported {self.imported}, skipped {self.skipped}, failed {self.failed}")

    def read(self, lines: IO[bytes], source: str, names: services_import.Names, progress: bool) -> None:
        good = self.good(lines)
        while batch := list(islice(good, BATCH)):
            try:
                done = services_import.import_batch([line for _number, line in batch], source=source, names=names)
                self.imported += done
                self.skipped += len(batch) - done
            except DatabaseError:
                names = services_import.Names()  # what it made in the failed transaction is gone
                names = self.one_by_one(batch, source, names)
            if progress:
                self.stderr.write(f"{self.imported + self.skipped + self.failed} lines")

    def good(self, lines: IO[bytes]) -> Iterator[tuple[int, import_lines.Line]]:
        now = timezone.now()
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            try:
                yield number, import_lines.read(raw.decode("utf-8-sig"), now=now)
            except (import_lines.BadLine, UnicodeDecodeError) as error:
                self.report(number, error)

    def one_by_one(
        self, batch: list[tuple[int, import_lines.Line]], source: str, names: services_import.Names
    ) -> services_import.Names:
        """One line of a batch could not be stored: find it, keep the others."""
        for number, line in batch:
            try:
                done = services_import.import_batch([line], source=source, names=names)
            except DatabaseError as error:
                names = services_import.Names()
                self.report(number, error)
            else:
                self.imported += done
                self.skipped += 1 - done
        return names

    def report(self, number: int, error: Exception) -> None:
        self.failed += 1
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        self.stderr.write(f"line {number}: {reason}")
