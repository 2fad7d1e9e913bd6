"""A whole file of history: in batches, on two cores when it is long, with what became of every line."""

import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import IO

from django.db import DatabaseError, connection, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.archive import stay_erased
from tickets.imported import lines as import_lines
from tickets.imported.lines import Line
from tickets.imported.services import import_batch, told_otherwise
from tickets.imported.services_import_names import Names

BATCH = 2000
Raw = tuple[int, bytes]  # the number of a line, and the line


@dataclass
class Outcome:
    imported: int = 0
    skipped: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)  # line, reason
    notes: list[tuple[int, str]] = field(default_factory=list)  # of lines that were skipped, and hold something new
    left_out: Counter[str] = field(default_factory=Counter)  # fields that are not known: in how many lines

    @property
    def lines(self) -> int:
        return self.imported + self.skipped + len(self.bad)


def import_file(file: IO[bytes], *, source: str, processes: int = 0) -> Iterator[Outcome]:
    """Bring in a file of one JSON object a line; yields what became of each batch, in the order of the file.

    With more than one batch several processes share the work (0: one a core, at most two, for the database needs the
    rest). Each batch is a transaction of its own; what is stored stays stored.
    """
    rows: Iterator[Raw] = ((number, raw) for number, raw in enumerate(file, start=1) if raw.strip())
    batches = iter(lambda: list(islice(rows, BATCH)), [])
    first = list(islice(batches, 2))
    processes = processes or min(os.cpu_count() or 1, 2)
    if processes == 1 or len(first) == 1 or connection.in_atomic_block:  # no child would see our transaction
        for batch in chain(first, batches):
            yield take(batch, source)
        return
    connections.close_all()  # none is shared with a child
    kind = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=kind, initializer=names_of.cache_clear) as pool:
        waiting = deque(pool.submit(take, batch, source) for batch in first)
        while waiting:
            if len(waiting) <= processes and (more := next(batches, None)):
                waiting.append(pool.submit(take, more, source))
            else:
                yield waiting.popleft().result()


@lru_cache(maxsize=1)
def names_of(source: str) -> Names:
    """Loaded once in each process that works on an import."""
    return Names()


def analyze() -> None:
    """Tell the planner at once what many new rows look like; it would find out by itself within minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def take(batch: Sequence[Raw], source: str) -> Outcome:
    """Read and store some lines. When the database refuses them together they are tried one by one."""
    outcome, now = Outcome(), timezone.now()
    good: list[tuple[int, Line]] = []
    for number, raw in batch:
        try:
            good.append((number, import_lines.read(raw.decode("utf-8-sig"), now=now)))
        except UnicodeDecodeError:
            outcome.bad.append((number, _("not UTF-8")))
        except import_lines.BadLine as error:
            outcome.bad.append((number, reason(error)))
    for _number, line in good:
        outcome.left_out.update(line.left_out)
    try:
        done = import_batch([line for _number, line in good], source=source, names=names_of(source), at=now)
    except DatabaseError:
        names_of.cache_clear()  # what it made in the failed transaction is gone
        one_by_one(good, source, outcome, at=now)
    else:
        outcome.imported, outcome.skipped = done, len(good) - done
    if outcome.skipped:
        outcome.notes = notes_of(good, source)
    return outcome


def notes_of(lines: Sequence[tuple[int, Line]], source: str) -> list[tuple[int, str]]:
    """Why a line that says something new was skipped all the same, by its number. Two queries."""
    other = _("external_id “%(id)s” is here already, with another text; not taken")
    notes = [(number, other % {"id": line.external_id}) for number, line in told_otherwise(lines, source=source)]
    erased = stay_erased.among(source, (line.external_id for _number, line in lines))
    gone = _("external_id “%(id)s” was erased at the end of its keeping; not taken again")
    notes += [(number, gone % {"id": line.external_id}) for number, line in lines if line.external_id in erased]
    return sorted(notes)


def one_by_one(lines: Sequence[tuple[int, Line]], source: str, outcome: Outcome, *, at: datetime) -> None:
    """One line of a batch could not be stored: find it, keep the others."""
    for number, line in lines:
        try:
            done = import_batch([line], source=source, names=names_of(source), at=at)
        except DatabaseError as error:
            names_of.cache_clear()
            outcome.bad.append((number, reason(error)))
        else:
            outcome.imported += done
            outcome.skipped += 1 - done
    outcome.bad.sort()


def reason(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
