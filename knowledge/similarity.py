"""Groups texts that speak of the same trouble: common problems are proposed, a person confirms them (A3.1, C5.2).

Pure; numpy alone. Two texts are alike when they name the same (place, firm, product) and are about the same matter,
in whatever words: `matter` tells names from matters. The same words about other names count against a pair, and so
do different regions; texts more than `days` apart are never compared. Groups grow by the average likeness of their
members, so that a chain of half-alike texts does not run together.
"""

import datetime as dt
import heapq
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.text import squeezed
from knowledge import matter

WITHIN_DAYS = 180
ALIKE = 0.35
"""From this likeness on, on the average over all their pairs, two groups belong together."""
NAMED, TITLED, MATTERED, CONTRADICTED, NEEDED = 2.6, 4.0, 14.0, 1.3, 10.7
"""What a shared name, like titles and a like matter speak for a pair, other names against it, and what is needed."""
ANOTHER_PLACE = 10.0
"""What speaks against a pair when each title names a place with its kind (翡翠小区) of which the other text is silent."""
OTHER_REGION = 0.6
"""What is left of the likeness when both regions are known and differ."""
COMMON = 0.06
"""An n-gram in a larger share of the texts tells nothing about which belong together (from 200 texts on)."""
MANY = 4000
"""With fewer texts rarity is reckoned as if there were so many: of four texts three may be one trouble."""
_SURE_NAME = 30.0
_ONE_NAME = 14.0
"""The weight, in rarity, of a name beyond doubt (three or four rare pairs), and of one name (two)."""
_WORTH_COMPARING = 0.1
_LONGEST_BODY = 1000
_MOST_HOLDERS = 60
_FORMULA = re.compile(
    r"尊敬的|领导|您好|你好|谢谢|请问|咨询|投诉|举报|反映|建议|关于|再次|希望|恳请|请求|强烈|的问题|问题|有关部门|相关|严重|情况"
)
_SENTENCE_END = re.compile(r"[。!?！？\n]")
_PLACE = re.compile(
    r"[㐀-鿿]{2}(?=小区|花园|家园|公寓|大厦|广场|小学|中学|大学|学院|幼儿园|医院|公司|社区|街道|大道|公园)"
)
_SIGNS = re.compile(r"[^0-9a-z㐀-鿿]+")


@dataclass(frozen=True)
class Item:
    id: object
    text: str  # the first line is the title
    region: str = ""
    at: dt.datetime | None = None


def split_title(text: str) -> tuple[str, str]:
    """The first line, or the first sentence of a text in one line; the body is what follows, else the title again."""
    head, _, rest = text.strip().partition("\n")
    if not rest.strip():
        found = _SENTENCE_END.search(head)
        head, rest = (head[: found.end()], head[found.end() :]) if found and found.end() < len(head) else (head, head)
    return head[:80], rest.strip() or head


def cleaned(text: str) -> str:
    """Folded, without the phrases of letters and without signs."""
    return _SIGNS.sub(" ", _FORMULA.sub(" ", squeezed(text)))


def _name_runs(text: str, known: dict[str, matter.Known]) -> list[list[str]]:
    """The parts of a title that name something: runs of pairs of characters that are rare in feedback at large."""
    found: list[list[str]] = []
    for run in text.split():
        for is_name, some in itertools.groupby(matter.pairs(run), key=lambda one: known[one].is_name):
            if is_name:
                found.append(list(some))
    return found


Vector = dict[str, float]


@dataclass
class _Read:
    """One text made ready to be compared."""

    title: Vector = field(default_factory=dict)
    named: set[str] = field(default_factory=set)  # rare pairs of the title
    mentioned: set[str] = field(default_factory=set)  # rare pairs of title and body
    main: list[str] = field(default_factory=list)  # the weightiest name of the title
    places: set[str] = field(default_factory=set)  # the last pair of each name of a place in the title
    about: tuple[NDArray[np.float32], NDArray[np.float32]] = (np.zeros(0, np.float32), np.zeros(0, np.float32))


class _Readings:
    def __init__(self, items: Sequence[Item]) -> None:
        background = matter.shipped()
        parts = [split_title(item.text) for item in items]
        titles = [cleaned(title) for title, _ in parts]
        bodies = [cleaned(body)[:_LONGEST_BODY] for _, body in parts]
        self.total = max(len(items), MANY)
        paired = [set(matter.pairs(title + " " + body)) for title, body in zip(titles, bodies, strict=True)]
        self.known = background.known(set().union(*paired))
        self.texts = [_Read(title=vector) for vector in self._title_vectors(titles)]
        seen: Counter[str] = Counter()
        runs = [_name_runs(title, self.known) for title in titles]
        for read, named, title, body, ones in zip(self.texts, runs, titles, bodies, paired, strict=True):
            read.named = {one for run in named for one in run}
            read.places = {one for one in _PLACE.findall(title) if self.known[one].is_name}
            read.mentioned = {one for one in ones if self.known[one].is_name}
            read.about = background.meaning_of(title, self.known), background.meaning_of(body, self.known)
            seen.update(read.mentioned)
        self.weight = {one: math.log(1 + self.total / number) for one, number in seen.items()}
        self.seen = seen
        for read, named in zip(self.texts, runs, strict=True):
            shared = [run for run in named if any(seen[one] > 1 or self.known[one].row < 0 for one in run)]
            read.main = max(shared, key=self.weigh, default=[])

    def _title_vectors(self, titles: Sequence[str]) -> list[Vector]:
        counted = [
            Counter(run[at : at + n] for run in title.split() for n in (2, 3) for at in range(len(run) - n + 1))
            for title in titles
        ]
        seen: Counter[str] = Counter()
        for grams in counted:
            seen.update(grams.keys())
        most = COMMON * len(titles) if len(titles) >= 200 else len(titles) + 1
        small = len(titles) < MANY
        vectors = []
        for grams in counted:
            vector = {}
            for gram, number in grams.items():
                if seen[gram] > most:
                    continue
                often = seen[gram]
                if small and len(gram) == 2:  # a few texts cannot tell a rare word from a common one
                    often = max(often, round(self.total * self.known[gram].share / 5))
                vector[gram] = (1 + math.log(number)) * (math.log((1 + self.total) / (1 + often)) + 1)
            length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
            vectors.append({gram: value / length for gram, value in vector.items()})
        return vectors

    def weigh(self, ones: Sequence[str] | set[str]) -> float:
        return sum(self.weight[one] for one in ones)

    def worth_comparing(self) -> dict[tuple[int, int], float]:
        """The pairs that share enough of their titles, or a name; with how alike the titles are."""
        posting: dict[str, list[tuple[int, float]]] = defaultdict(list)
        holders: dict[str, list[int]] = defaultdict(list)
        for number, read in enumerate(self.texts):
            for one in read.mentioned:
                if 1 < self.seen[one] <= _MOST_HOLDERS:
                    holders[one].append(number)
        found: dict[tuple[int, int], float] = {}
        for number, read in enumerate(self.texts):
            near: dict[int, float] = defaultdict(float)
            for gram, value in read.title.items():
                for other, its in posting[gram]:
                    near[other] += value * its
                posting[gram].append((number, value))
            for other, alike in near.items():
                if alike >= _WORTH_COMPARING:
                    found[other, number] = alike
            named: dict[int, float] = defaultdict(float)
            for one in read.named:
                for other in holders.get(one, ()):
                    named[other] += self.weight[one]
            for other, weight in named.items():
                if other != number and weight >= _SURE_NAME / 3:
                    pair = (other, number) if other < number else (number, other)
                    if pair not in found:
                        found[pair] = cosine(self.texts[pair[0]].title, self.texts[pair[1]].title)
        return found

    def alike(self, one: int, two: int, titles: float) -> float:
        """From 0 to 1."""
        first, second = self.texts[one], self.texts[two]
        named = max(self.weigh(first.named & second.mentioned), self.weigh(second.named & first.mentioned))
        same = max(0.0, float(first.about[0] @ second.about[0] + first.about[1] @ second.about[1]) / 2)
        speaks = NAMED * min(1.0, named / _SURE_NAME) + TITLED * titles + MATTERED * same
        speaks -= CONTRADICTED * self._other_names(first, second)
        if first.places and second.places and not (first.places & second.mentioned or second.places & first.mentioned):
            speaks -= ANOTHER_PLACE
        return 1 / (1 + math.exp(NEEDED - speaks))

    def _other_names(self, first: _Read, second: _Read) -> float:
        """How far the main name of each title is missing from the other text, from 0 to 1."""
        if not first.main or not second.main:
            return 0.0
        one, two = self.weigh(first.main), self.weigh(second.main)
        held = max(
            self.weigh([pair for pair in first.main if pair in second.mentioned]) / one,
            self.weigh([pair for pair in second.main if pair in first.mentioned]) / two,
        )
        return (1 - held) * min(1.0, one / _ONE_NAME, two / _ONE_NAME)


def cosine(one: Vector, other: Vector) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other[gram] for gram, value in one.items() if gram in other)


def likeness(items: Sequence[Item], *, days: int = WITHIN_DAYS) -> dict[tuple[int, int], float]:
    """How alike the pairs of items are, from 0 to 1; pairs that share neither words of the title nor a name are left
    out."""
    read = _Readings(items)
    pairs: dict[tuple[int, int], float] = {}
    for (one, two), titles in read.worth_comparing().items():
        if not _within(items[one], items[two], days):
            continue
        total = read.alike(one, two, titles)
        here, there = items[one].region, items[two].region
        pairs[one, two] = total * OTHER_REGION if here and there and here != there else total
    return pairs


def _within(one: Item, other: Item, days: int) -> bool:
    return one.at is None or other.at is None or abs(one.at - other.at) <= dt.timedelta(days=days)


def group(items: Sequence[Item], *, days: int = WITHIN_DAYS, alike: float = ALIKE) -> list[int | None]:
    """The number of the group of each item, by the position of its first member; None for an item alone."""
    return joined(likeness(items, days=days), len(items), alike=alike)


def joined(pairs: dict[tuple[int, int], float], count: int, *, alike: float = ALIKE) -> list[int | None]:
    """Joins, the most alike first, groups whose members are `alike` on the average; a pair left out counts as 0."""
    links: list[dict[int, float]] = [{} for _ in range(count)]
    for (one, two), value in pairs.items():
        links[one][two] = links[two][one] = value
    members: dict[int, list[int]] = {number: [number] for number in range(count)}
    waiting = [(-value, one, two, 1, 1) for (one, two), value in pairs.items() if value >= alike]
    heapq.heapify(waiting)
    while waiting:
        _, one, two, size_one, size_two = heapq.heappop(waiting)
        if len(members.get(one, ())) != size_one or len(members.get(two, ())) != size_two:
            continue
        members[one] += members.pop(two)
        for other, value in links[two].items():
            links[other].pop(two)
            if other != one:
                links[one][other] = links[other][one] = links[one].get(other, 0.0) + value
        for other, value in links[one].items():
            mean = value / (len(members[one]) * len(members[other]))
            if mean >= alike:
                waiting_pair = (one, other) if one < other else (other, one)
                first, second = waiting_pair
                heapq.heappush(waiting, (-mean, first, second, len(members[first]), len(members[second])))
    home: list[int | None] = [None] * count
    for group_members in members.values():
        if len(group_members) > 1:
            for number in group_members:
                home[number] = min(group_members)
    return home
