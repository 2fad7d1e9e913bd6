"""What `due` and `worktime` share: choosing the calendar, reading times and batches."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from sla import defaults, rulebook
from sla.calendars import WorkCalendar
from sla.definitions import calendar_from_json
from sla.errors import WorktimeError, gettext_noop

CHUNK = 2_000  # lines written at once
LONGEST_LINE = 10_000  # characters; a batch line is about a hundred


def named_calendar(code: str) -> WorkCalendar:
    """The calendar with this code as its rows say; without a database, the one built in."""
    try:
        return rulebook.current(code)
    except (DatabaseError, KeyError):
        pass
    try:
        return defaults.calendar(code)
    except KeyError:
        raise WorktimeError(
            "calendar", gettext_noop("There is no calendar “%(code)s”; there are: %(codes)s."),
            code=code, codes=", ".join(defaults.CODES),
        ) from None  # fmt: skip


class Calendars:
    """Compiled calendars by code. A file holds one calendar, or several by code that come before the named ones."""

    def __init__(self, code: str | None, path: str | None) -> None:
        self._known: dict[str, WorkCalendar] = {}
        self._file: dict[str, Any] = {}
        self._code = code
        if path is None:
            self._code = code or defaults.OFFICE
            return
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise CommandError(f"--calendar-json: {error.strerror}: {path}") from None
        except (ValueError, RecursionError) as error:
            raise CommandError(f"--calendar-json: {_('The file is not JSON.')} {error}") from None
        if not isinstance(data, dict) or "weekly" in data or "zone" in data:
            self._code = code or "--calendar-json"
            self._file[self._code] = data
            return
        self._file = data
        if code is None and len(data) == 1:
            self._code = next(iter(data))

    def get(self, code: object = None) -> WorkCalendar:
        code = self._code if code is None else code
        if code is None:
            raise WorktimeError(
                "calendar", gettext_noop("The file holds several calendars; name one: %(codes)s."),
                codes=", ".join(self._file),
            )  # fmt: skip
        if not isinstance(code, str):
            raise WorktimeError("calendar", gettext_noop("The calendar is named by its code."))
        found = self._known.get(code)
        if found is None:
            found = calendar_from_json(self._file[code], code) if code in self._file else named_calendar(code)
            self._known[code] = found
        return found


def read_time(text: object, field: str, calendar: WorkCalendar) -> datetime:
    """An ISO 8601 time; one without offset is on the calendar's wall clock."""
    try:
        if isinstance(text, str) and len(text) > 10:
            at = datetime.fromisoformat(text)
            return at if at.tzinfo is not None else at.replace(tzinfo=calendar.zone)
    except ValueError:
        pass
    raise WorktimeError(field, gettext_noop("“%(text)s” is not a time such as 2026-09-30T16:30:00+08:00."), text=text)


Answer = Callable[[dict[str, Any], Calendars], str]


class AskingCommand(BaseCommand):
    """Answers one question from the arguments, or one for each line of `--batch`."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--calendar", metavar="CODE", help=_("The calendar's code; default: office."))
        parser.add_argument("--calendar-json", metavar="FILE", help=_("A calendar, or several by code, as JSON."))
        parser.add_argument("--batch", metavar="FILE", help=_("JSON lines, one question each; - is standard input."))

    def answer(self, question: dict[str, Any], calendars: Calendars) -> str:
        raise NotImplementedError

    def ask(self, question: dict[str, Any] | None, options: dict[str, Any]) -> None:
        """Prints one line a question. A bad batch line prints `error: …` in its place and the command exits with 1."""
        calendars = Calendars(options["calendar"], options["calendar_json"])
        if options["batch"] is not None:
            with _opened(options["batch"]) as lines:
                if self._answer_lines(lines, calendars):
                    sys.exit(1)
            return
        assert question is not None
        try:
            self.stdout.write(self.answer(question, calendars))
        except WorktimeError as error:
            raise CommandError(f"{error.field}: {error.sentence(_)}") from None

    def _answer_lines(self, lines: IO[str], calendars: Calendars) -> int:
        """The number of bad lines. Empty lines are passed over."""
        bad, out = 0, []
        for number, line in enumerate(lines, start=1):
            if line.isspace():
                continue
            try:
                out.append(self.answer(_question(line), calendars))
            except WorktimeError as error:
                bad += 1
                sentence = error.sentence(_).replace("\n", " ")
                out.append(f"error: line {number}: {error.field}: {sentence[:500]}")
            if len(out) >= CHUNK:
                self.stdout.write("\n".join(out))
                out.clear()
        if out:
            self.stdout.write("\n".join(out))
        return bad


def _question(line: str) -> dict[str, Any]:
    try:
        question = json.loads(line) if len(line) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        question = None
    if not isinstance(question, dict):
        raise WorktimeError("line", gettext_noop("The line is not a JSON object."))
    return question


@contextmanager
def _opened(path: str) -> Iterator[IO[str]]:
    if path == "-":
        yield sys.stdin
        return
    try:
        file = open(path, encoding="utf-8-sig", errors="replace")  # noqa: SIM115 - closed below
    except OSError as error:
        raise CommandError(f"--batch: {error.strerror}: {path}") from None
    with file:
        yield file
