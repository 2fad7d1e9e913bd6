"""Groups texts that speak of the same trouble: common problems are proposed, a person confirms them (A3.1, C5.2).

Pure; numpy alone. Two texts are alike when they name the same (place, firm, product) and are about the same matter,
in whatever words (`reading`, `matter`). The same words about other names count against a pair, and so do different
regions; texts more than `days` apart are never compared. Groups grow by the average likeness of their members, so that
a chain of half-alike texts does not run together.
"""

import datetime as dt
import heapq
import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.reading import SURE_NAME, Read, Readings, cleaned, cosine, split_title

__all__ = ["ALIKE", "WITHIN_DAYS", "Item", "cleaned", "group", "joined", "likeness", "split_title"]

WITHIN_DAYS = 180
ALIKE = 0.35
"""From this likeness on, on the average over all their pairs, two groups belong together."""
NAMED, WORDED, BODIES, ACROSS, TOLD_MOST, TOLD_LEAST = 3.8, 11.7, 2.1, 2.0, 1.9, 1.5
"""What speaks for a pair: a shared name; other words in common, weighed by how rare they are; a like matter of both bodies, and of
the title of one and the body of the other; how much of the one title, and of the other, the other text says too."""
CONTRADICTED, ANOTHER_PLACE, NEEDED = 1.9, 5.3, 6.4
"""What speaks against it: other main names; that each title names a place with its kind (翡翠小区) of which the other text
is silent. And how much is needed."""
OTHER_REGION = 0.6
"""What is left of the likeness when both regions are known and differ."""
SAME_PRODUCT = 0.9
"""How far one model, or one kind of goods, is the name that two texts share; its words are no words in common (decisions 0085, 0087)."""
_AS_COPIED = 0.35
"""From this likeness of words on, more of it tells no more: copies about two places are not one trouble."""
_ONE_NAME = 14.0
"""The weight, in rarity, of one name (two rare pairs)."""


@dataclass(frozen=True)
class Item:
    id: object
    text: str  # the first line is the title
    region: str = ""
    at: dt.datetime | None = None


def features(read: Readings, first: Read, second: Read) -> tuple[float, ...]:
    """What `alike` weighs, each from 0 to 1, in the order of `WEIGHTS`."""
    named = max(read.weigh(first.named & second.mentioned), read.weigh(second.named & first.mentioned))
    told = _told(first, second), _told(second, first)
    bodies = float(first.about[1] @ second.about[1])
    across = max(float(first.about[0] @ second.about[1]), float(first.about[1] @ second.about[0]))
    shared = first.places & second.mentioned or second.places & first.mentioned
    elsewhere = bool(first.places and second.places and not shared)
    same = first.models & second.models or first.kinds & second.kinds
    one_name = max(min(1.0, named / SURE_NAME), SAME_PRODUCT if same else 0.0)
    return (
        0.0 if elsewhere else one_name,  # two places: what they share is no name of either
        min(_AS_COPIED, cosine(first.words, second.words)),
        bodies,
        across,
        max(told),
        min(told),
        _other_names(read, first, second),
        float(elsewhere),
    )


WEIGHTS = (NAMED, WORDED, BODIES, ACROSS, TOLD_MOST, TOLD_LEAST, -CONTRADICTED, -ANOTHER_PLACE)


def _told(one: Read, other: Read) -> float:
    """How much of what the title of one says beside names stands in the other text, from 0 to 1; half when it says nothing."""
    whole = sum(one.told.values())
    return sum(weight for pair, weight in one.told.items() if pair in other.pairs) / whole if whole else 0.5


def _other_names(read: Readings, first: Read, second: Read) -> float:
    """How far the main name of each title is missing from the other text, from 0 to 1."""
    if not first.main or not second.main:
        return 0.0
    one, two = read.weigh(first.main), read.weigh(second.main)
    held = max(
        read.weigh([pair for pair in first.main if pair in second.mentioned]) / one,
        read.weigh([pair for pair in second.main if pair in first.mentioned]) / two,
    )
    return (1 - held) * min(1.0, one / _ONE_NAME, two / _ONE_NAME)


def likeness(items: Sequence[Item], *, days: int = WITHIN_DAYS) -> dict[tuple[int, int], float]:
    """How alike the pairs of items are, from 0 to 1; pairs that share neither words of the title nor a name are left
    out."""
    read = Readings([item.text for item in items])
    pairs: dict[tuple[int, int], float] = {}
    for one, two in read.worth_comparing():
        if not _within(items[one], items[two], days):
            continue
        found = features(read, read.texts[one], read.texts[two])
        total = 1 / (1 + math.exp(NEEDED - sum(map(operator.mul, WEIGHTS, found))))
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
