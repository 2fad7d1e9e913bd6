"""Groups texts that speak of the same trouble: common problems are proposed, a person confirms them (A3.1, C5.2).

Pure; numpy alone. Texts are compared by character n-grams weighted by rarity, the title apart from the body and worth
more; texts more than `days` apart are never compared, and different regions count against a pair. Groups grow by the
average likeness of their members, so that a chain of half-alike texts does not run together.
"""

import datetime as dt
import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from common.text import squeezed

WITHIN_DAYS = 180
TITLE_SHARE = 0.8
ALIKE = 0.2
"""From this likeness on two texts, or the average of two groups, belong together."""
AVERAGE = 0.3
"""Two groups join when the average over all their pairs reaches this share of what one pair needs."""
OTHER_REGION = 0.6
"""What is left of the likeness when both regions are known and differ."""
COMMON = 0.06
"""An n-gram in a larger share of the texts tells nothing about which belong together (from 200 texts on)."""
FEW = 300
"""With fewer texts rarity is reckoned as if there were so many: of four texts three may be one trouble."""
_LONGEST_BODY = 600
_FORMULA = re.compile(
    r"尊敬的|领导|您好|你好|谢谢|请问|咨询|投诉|举报|反映|建议|关于|再次|希望|恳请|请求|强烈|的问题|问题|有关部门|相关|严重|情况"
)
_SENTENCE_END = re.compile(r"[。!?！？\n]")


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
    return head[:80], (rest.strip() or head)[:_LONGEST_BODY]


def _grams(text: str, shortest: int, longest: int) -> Counter[str]:
    text = re.sub(r"[^0-9a-z㐀-鿿]+", " ", _FORMULA.sub(" ", squeezed(text)))
    counted: Counter[str] = Counter()
    for run in text.split():
        for n in range(shortest, longest + 1):
            counted.update(run[at : at + n] for at in range(len(run) - n + 1))
    return counted


Vector = dict[str, float]


def _vectors(texts: Sequence[str], shortest: int, longest: int) -> list[Vector]:
    counted = [_grams(text, shortest, longest) for text in texts]
    seen: Counter[str] = Counter()
    for grams in counted:
        seen.update(grams.keys())
    total = len(texts)
    most = COMMON * total if total >= 200 else total + 1
    vectors = []
    for grams in counted:
        vector = {
            gram: (1 + math.log(number)) * math.log((1 + max(total, FEW)) / seen[gram])
            for gram, number in grams.items()
            if seen[gram] <= most
        }
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        vectors.append({gram: value / length for gram, value in vector.items()})
    return vectors


def cosine(one: Vector, other: Vector) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other[gram] for gram, value in one.items() if gram in other)


def likeness(items: Sequence[Item], *, days: int = WITHIN_DAYS, least: float = 0.12) -> dict[tuple[int, int], float]:
    """How alike the pairs of items are, from 0 to 1; pairs that share no telling n-gram of the title are left out."""
    parts = [split_title(item.text) for item in items]
    titles = _vectors([title for title, _ in parts], 2, 3)
    bodies = _vectors([body for _, body in parts], 2, 3)
    posting: dict[str, list[tuple[int, float]]] = defaultdict(list)
    pairs: dict[tuple[int, int], float] = {}
    for number, vector in enumerate(titles):
        near: dict[int, float] = defaultdict(float)
        for gram, value in vector.items():
            for other, its in posting[gram]:
                near[other] += value * its
            posting[gram].append((number, value))
        for other, alike in near.items():
            if alike < least or not _within(items[number], items[other], days):
                continue
            total = TITLE_SHARE * alike + (1 - TITLE_SHARE) * cosine(bodies[number], bodies[other])
            one, two = items[number].region, items[other].region
            if one and two and one != two:
                total *= OTHER_REGION
            pairs[other, number] = total
    return pairs


def _within(one: Item, other: Item, days: int) -> bool:
    return one.at is None or other.at is None or abs(one.at - other.at) <= dt.timedelta(days=days)


def group(items: Sequence[Item], *, days: int = WITHIN_DAYS, alike: float = ALIKE) -> list[int | None]:
    """The number of the group of each item, by the position of its first member; None for an item alone."""
    near: list[dict[int, float]] = [{} for _ in items]
    pairs = likeness(items, days=days)
    for (one, two), value in pairs.items():
        near[one][two] = near[two][one] = value
    members: dict[int, list[int]] = {number: [number] for number in range(len(items))}
    home = list(range(len(items)))
    for one, two in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
        if pairs[one, two] < alike:
            break
        first, second = sorted((home[one], home[two]))
        if first == second:
            continue
        total = sum(near[a].get(b, 0.0) for a in members[first] for b in members[second])
        if total / (len(members[first]) * len(members[second])) < alike * AVERAGE:
            continue
        for number in members[second]:
            home[number] = first
        members[first] += members.pop(second)
    return [home[number] if len(members[home[number]]) > 1 else None for number in range(len(items))]
