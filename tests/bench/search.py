"""Search at scale: `python -m tests.bench.search [--tickets 1000000] [--words 200] [--substrings 10000] [--keep]`.

Works in a database of its own (`bench_search`) on the server of the settings; `--keep` leaves it for the next run. Texts are
invented: words of one to three characters, few of them common and most of them rare (Zipf), with phrases in between.
Prints how long the database takes for the first page of words of one to eight characters, by how common they are and for
who asks, with permission in the query; then holds random substrings against `LIKE`.
"""

import argparse
import os
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import accumulate

from tests.bench.set_up import set_up

set_up(__name__)

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import User  # noqa: E402
from common.copying import copy_rows  # noqa: E402
from common.text import fold  # noqa: E402
from config.demo import stories  # noqa: E402
from tests.make import moment  # noqa: E402
from tests.people import department, user  # noqa: E402
from tickets.models import Ticket  # noqa: E402
from tickets.querysets import TicketQuerySet  # noqa: E402
from tickets.queue import seek  # noqa: E402
from tickets.search import index as search  # noqa: E402
from tickets.search import windows as search_windows  # noqa: E402

NOON = moment("2026-11-23 12:00")
DAYS = 365
BATCH = 10_000
SHARES = (0.3, 0.03, 0.003, 0.0003, 0.0)
"""Down to which share of all tickets a word is still of its class."""
NAMES = ("very common", "common", "seldom", "rare", "very rare")
TICKETS = [
    "id", "number", "status", "channel", "subject", "content", "nature", "tier", "department_id", "departments", "owner_id",
    "received_at", "registered_at",
]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search", description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=200, help="of each class and length")
    parser.add_argument("--substrings", type=int, default=10_000)
    parser.add_argument("--keep", action="store_true", help="leave the database for the next run")
    wanted = parser.parse_args()
    with database(wanted.tickets, keep=wanted.keep):
        measure(wanted.words)
        against_like(wanted.substrings)


@contextmanager
def database(tickets: int, *, keep: bool) -> Iterator[None]:
    """A database of its own with so many tickets, which is there already when it was kept."""
    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "bench_search"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=True)
    try:
        fill(tickets)
        yield
    finally:
        if not keep:
            connection.creation.destroy_test_db(name, verbosity=0)


# --- what is searched -----------------------------------------------------------------------------
class Speech:
    """Invented texts, the same for the same seed."""

    def __init__(self) -> None:
        self.dice = random.Random(17)
        said = "".join(story.subject + story.content for story in stories.STORIES)
        signs = sorted({sign for sign in said if "一" <= sign <= "鿿"})
        signs += [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
        weights = [1 / (rank + 3) for rank in range(len(signs))]
        lengths = self.dice.choices((1, 2, 3), (1, 7, 2), k=30_000)
        self.words = ["".join(self.dice.choices(signs, weights, k=length)) for length in lengths]
        phrases = ["".join(self.dice.choices(self.words[:3000], k=3)) for _phrase in range(300)]
        self.words[20:20] = phrases  # whole turns of speech are as common as words
        self.steps = list(accumulate(1 / (rank + 1) ** 0.9 for rank in range(len(self.words))))

    def text(self) -> str:
        picked = self.dice.choices(self.words, cum_weights=self.steps, k=self.dice.randint(12, 50))
        for place in range(6, len(picked), 7):
            picked[place] += "，"
        return "".join(picked) + "。"


def fill(count: int) -> None:
    """So many tickets of a year, unless they are there."""
    known = Ticket.objects.count()
    if known >= count:
        return
    begin = time.perf_counter()
    homes = [department(f"bench-{number}", f"部门{number}") for number in range(20)]
    owners = [user(f"bench-{number}", f"经办{number}", ["handler"], home) for number, home in enumerate(homes)]
    shares = [1 / (number + 1) for number in range(len(homes))]
    user("bench-office", "办公室", ["office"], homes[0])
    speech, dice = Speech(), random.Random(18)
    with connection.cursor() as cursor:  # the tables' other indexes are not what is measured
        cursor.execute("DROP INDEX IF EXISTS search_tsv")
    for first in range(known + 1, count + 1, BATCH):
        rows, documents = [], []
        for pk in range(first, min(first + BATCH, count + 1)):
            place = dice.choices(range(len(homes)), shares)[0]
            received = NOON - timedelta(seconds=dice.randrange(DAYS * 86_400))
            text = speech.text()
            number = f"Q{received:%Y%m%d}-{pk:07d}"
            rows.append(
                (pk, number, dice.choice(("closed", "closed", "closed", "in_progress")), "web", text[:20], text,
                 "complaint", "L2", homes[place].pk, [homes[place].pk], owners[place].pk, received, received)
            )  # fmt: skip
            case = Ticket(
                pk=pk, department_id=homes[place].pk, departments=[homes[place].pk], owner_id=owners[place].pk,
                received_at=received, tier="L2", status="closed",
            )  # fmt: skip
            documents.append((case, f"{number}\n{text[:20]}\n{text}", f"1380{pk:07d}"))
        copy_rows(Ticket, TICKETS, rows)
        search.add_new(documents)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX search_tsv ON tickets_searchdocument USING gin (tsv)")
        cursor.execute("VACUUM ANALYZE tickets_ticket")
        cursor.execute("VACUUM ANALYZE tickets_searchdocument")
    print(f"{count:,} tickets made in {time.perf_counter() - begin:,.0f} s")


# --- how long it takes ----------------------------------------------------------------------------
def measure(words: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), pg_size_pretty(pg_table_size('tickets_searchdocument')),"
            " pg_size_pretty(pg_relation_size('search_tsv')) FROM tickets_searchdocument"
        )
        documents, table, index = cursor.fetchone()
    print(f"{documents:,} documents, table {table}, index {index}, load {os.getloadavg()[0]:.1f}")
    readers = {
        "office": User.objects.get(username="bench-office"),
        "handler, 28 %": User.objects.get(username="bench-0"),
        "handler, 1 %": User.objects.get(username="bench-19"),
    }
    search.take_in()  # as the worker does every ten seconds
    asked = list(chosen(words))
    print(f"{'first page, ms of CPU of the database':38}{'words':>7}" + "".join(f"{name:>30}" for name in readers))
    print(f"{'':45}" + f"{'mean':>9}{'median':>7}{'99 %':>7}{'looks':>7}" * len(readers))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    spent: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for kind in NAMES:
        some = [word for its, word in asked if its == kind]
        line = f"{kind:38}{len(some):>7}"
        for name, person in readers.items():
            costs = [first_page(word, person, backend) for word in some]
            spent[name] += costs
            line += summary(costs)
        print(line, flush=True)
    print(f"{'all':38}{len(asked):>7}" + "".join(map(summary, spent.values())))


def summary(costs: list[tuple[float, int]]) -> str:
    """The CPU time of the database's process is what remains when the machine is shared."""
    if not costs:
        return " " * 30
    sums = sorted(cpu for cpu, _looks in costs)
    looks = sum(looks for _cpu, looks in costs) / len(costs)
    return f"{sum(sums) / len(sums):>9.1f}{sums[len(sums) // 2]:>7.1f}{sums[int(len(sums) * 0.99)]:>7.1f}{looks:>7.1f}"


def chosen(words: int) -> Iterator[tuple[str, str]]:
    """Substrings of one to eight characters with how common they are, as counted in a sample of the texts."""
    dice = random.Random(19)
    ids = random.Random(20).sample(range(1, Ticket.objects.count() + 1), 20_000)
    texts = list(Ticket.objects.filter(pk__in=ids).values_list("content", flat=True))
    for length in range(1, 9):
        holders: dict[str, int] = defaultdict(int)
        for text in texts:
            for run, chinese in search.search_terms.runs(text):
                if chinese:
                    for start in range(len(run) - length + 1):
                        holders[run[start : start + length]] += 1
        kinds: dict[str, list[str]] = defaultdict(list)
        for word, number in holders.items():
            share = min(1.0, number / len(texts))
            kinds[next(name for name, least in zip(NAMES, SHARES, strict=True) if share >= least)].append(word)
        for kind, some in kinds.items():
            for word in dice.sample(sorted(some), min(len(some), max(1, words // 8))):
                yield kind, word


def cpu_ms(backend: int) -> float:
    """What the database's process of our connection has worked so far."""
    with open(f"/proc/{backend}/schedstat") as file:
        return int(file.read().split()[0]) / 1e6


def first_page(word: str, person: User, backend: int) -> tuple[float, int]:
    """The CPU time of the database for a page of hits as the queue asks for it, and in how many statements; the second time,
    as people type twice."""
    for _time in range(2):
        found = search.search(Ticket.objects.visible_to(person), word, personal=True, reader=person)
        before = cpu_ms(backend)
        with CaptureQueriesContext(connection) as seen:
            seek.page(found, "-received", 50, load=TicketQuerySet.for_rows)
    return cpu_ms(backend) - before, len(seen.captured_queries)


# --- nothing is missed ----------------------------------------------------------------------------
def against_like(count: int, looked_at: int = 12) -> None:
    """Random substrings of all texts, each another: the search finds those tickets that hold one, no more and no less.

    One pass over the texts looks for all of them; that it finds what `LIKE` finds is held against the database for some.
    A set of tickets is known by its number and two sums of its keys.
    """
    if not count:
        return
    wanted = list(substrings(count))
    holding = holders(wanted)
    sample = random.Random(22).sample(wanted, min(looked_at, count))
    with connection.cursor() as cursor:
        counts = ", ".join(["count(*) FILTER (WHERE content LIKE %s)"] * len(sample))
        cursor.execute(f"SELECT {counts} FROM tickets_ticket", [f"%{one}%" for one in sample])
        assert list(cursor.fetchone()) == [holding[one][0] for one in sample], "the yardstick is not LIKE"
    missed = 0
    for number, one in enumerate(wanted, start=1):
        found = search.search(Ticket.objects.all(), one)
        (look,) = search_windows._searches(found.query.where)
        sql, asked = look._look("tickets_searchdocument", look.conditions())
        with connection.cursor() as cursor:
            sums = "count(*), coalesce(sum(ticket_id), 0), coalesce(sum(ticket_id * ticket_id %% 1000003), 0)"
            cursor.execute(f"SELECT {sums} FROM (SELECT DISTINCT ticket_id FROM ({sql}) AS hit) AS every", asked)
            missed += tuple(map(int, cursor.fetchone())) != holding[one]
        if number % 1000 == 0:
            print(f"{number:,} held against LIKE, {missed} differ", flush=True)
    held = sum(facts[0] for facts in holding.values())
    print(f"{len(wanted):,} random substrings with {held:,} hits held against LIKE on all texts: {missed} differ")


def substrings(count: int) -> Iterator[str]:
    """Runs of one to eight Chinese characters, each another, from anywhere in the texts."""
    dice, known = random.Random(21), set()
    last = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[0]
    while len(known) < count:
        ids = [dice.randint(1, last) for _ticket in range(count)]
        for text in Ticket.objects.filter(pk__in=ids).order_by("pk").values_list("content", flat=True):
            start = dice.randrange(len(text))
            one = text[start : start + dice.randint(1, 8)]
            if search.search_terms.runs(one) == [(one, True)] and one not in known and len(known) < count:
                known.add(one)
                yield one


def holders(wanted: list[str]) -> dict[str, tuple[int, int, int]]:
    """For each of them: how many texts hold it, the sum of their keys, and of the keys' squares modulo 1,000,003."""
    by_two: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, one in enumerate(wanted):
        by_two[one[:2]].append((place, one))
    facts = [[0, 0, 0] for _one in wanted]
    for pk, content in Ticket.objects.order_by("pk").values_list("pk", "content").iterator(20_000):
        text = fold(content)
        seen = {place for sign in set(text) if sign in by_two for place, _one in by_two[sign]}
        for at in range(len(text) - 1):
            for place, one in by_two.get(text[at : at + 2], ()):
                if place not in seen and text.startswith(one, at):
                    seen.add(place)
        square = pk * pk % 1_000_003
        for place in seen:
            its = facts[place]
            its[0] += 1
            its[1] += pk
            its[2] += square
    return {one: (number, keys, squares) for one, (number, keys, squares) in zip(wanted, facts, strict=True)}


if __name__ == "__main__":
    main()
