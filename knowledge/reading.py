"""Texts made ready to be compared: what each names, what it is about, how rare its words are. Pure; numpy alone."""

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.text import squeezed
from knowledge import matter
from knowledge.products import without_products

COMMON = 0.1
"""A pair of characters in a larger share of the texts tells nothing about which belong together."""
COMMON_IN_TITLES = 0.06
MANY = 4000
"""With fewer texts rarity is reckoned as if there were so many: of four texts three may be one trouble."""
SURE_NAME = 30.0
"""The weight, in rarity, of a name beyond doubt (three or four rare pairs)."""
_WORTH_COMPARING = 0.1
_LONGEST_BODY = 1000
_LONGEST = 4000
"""Characters of a text of which products and places are looked for; a machine may send megabytes."""
_MOST_HOLDERS = 60
_FORMULA = re.compile(
    r"尊敬的|领导|您好|你好|谢谢|请问|咨询|投诉|举报|反映|建议|关于|再次|希望|恳请|请求|强烈|的问题|问题|有关部门|相关|严重|情况|"
    r"师傅|上门|安排|尽快|派人"
)
"""Phrases of letters, and words of every complaint about goods: they tell nothing of the trouble."""
_SENTENCE_END = re.compile(r"[。!?！？\n]")
_PLACE = re.compile(
    r"[㐀-鿿]{2}(?=小区|花园|家园|公寓|大厦|广场|小学|中学|大学|学院|幼儿园|医院|公司|社区|街道|大道|公园)"
)
_SIGNS = re.compile(r"[^0-9a-z㐀-鿿]+")

Vector = dict[str, float]


def split_title(text: str) -> tuple[str, str]:
    """The first line, or the first sentence of a text in one line; the body is what follows, else the title again."""
    head, _, rest = text.strip().partition("\n")
    if not rest.strip():
        found = _SENTENCE_END.search(head)
        head, rest = (head[: found.end()], head[found.end() :]) if found and found.end() < len(head) else (head, head)
    return head[:80], (rest.strip() or head)[:_LONGEST]


def cleaned(text: str) -> str:
    """Folded, without the phrases of letters and without signs."""
    return _SIGNS.sub(" ", _FORMULA.sub(" ", squeezed(text)))


@dataclass
class Read:
    """One text."""

    title: Vector = field(default_factory=dict)
    words: Vector = field(default_factory=dict)  # of title and body, the title twice, without names
    pairs: set[str] = field(default_factory=set)  # of title and body
    told: Vector = field(default_factory=dict)  # how rare the pairs of the title are that name nothing
    named: set[str] = field(default_factory=set)  # rare pairs of the title
    mentioned: set[str] = field(default_factory=set)  # rare pairs of title and body
    main: list[str] = field(default_factory=list)  # the weightiest name of the title
    places: set[str] = field(default_factory=set)  # the last pair of each name of a place in the title
    models: frozenset[str] = frozenset()  # numbers of products that other texts name too
    kinds: frozenset[str] = frozenset()  # kinds of goods that other texts name too
    about: tuple[NDArray[np.float32], NDArray[np.float32]] = (np.zeros(0, np.float32), np.zeros(0, np.float32))


class Readings:
    """Texts read together, because how rare a word is depends on the others."""

    def __init__(self, texts: Sequence[str]) -> None:
        background = matter.shipped()
        parts = without_products([split_title(text) for text in texts])
        titles = [cleaned(part.title) for part in parts]
        bodies = [cleaned(part.body)[:_LONGEST_BODY] for part in parts]
        self.total = max(len(texts), MANY)
        counted = [Counter(matter.pairs(f"{title} {title} {body}")) for title, body in zip(titles, bodies, strict=True)]
        self.seen = Counter(one for ones in counted for one in ones)
        self.known = background.known(self.seen.keys())
        self.weight = {
            one: math.log(1 + self.total / number) for one, number in self.seen.items() if self.known[one].is_name
        }
        rarity = self._rarity(len(texts))
        runs = [_name_runs(title, self.known) for title in titles]
        self.texts = [Read(title=vector) for vector in self._title_vectors(titles)]
        for read, part, named, title, body, ones in zip(self.texts, parts, runs, titles, bodies, counted, strict=True):
            read.models, read.kinds = part.models, part.kinds
            read.pairs = set(ones)
            read.named = {one for run in named for one in run}
            read.places = {one for one in _PLACE.findall(title) if self.known[one].is_name}
            read.mentioned = {one for one in ones if self.known[one].is_name}
            read.about = background.meaning_of(title, self.known), background.meaning_of(body, self.known)
            read.words = _normed(
                {one: (1 + math.log(many)) * rarity[one] for one, many in ones.items() if one in rarity}
            )
            read.told = {one: rarity[one] for one in matter.pairs(title) if one in rarity}
            shared = [run for run in named if any(self.seen[one] > 1 or self.known[one].row < 0 for one in run)]
            read.main = max(shared, key=self.weigh, default=[])

    def _rarity(self, texts: int) -> Vector:
        """How much each pair tells that is no name, without those that tell nothing. A few texts cannot tell a rare word from a common
        one: there the background speaks."""
        often = {
            one: number if texts >= MANY else max(number, self.total * self.known[one].share)
            for one, number in self.seen.items()
            if not self.known[one].is_name
        }
        return {one: math.log(1 + self.total / many) for one, many in often.items() if many < COMMON * self.total}

    def _title_vectors(self, titles: Sequence[str]) -> list[Vector]:
        counted = [
            Counter(run[at : at + n] for run in title.split() for n in (2, 3) for at in range(len(run) - n + 1))
            for title in titles
        ]
        seen: Counter[str] = Counter()
        for grams in counted:
            seen.update(grams.keys())
        most = COMMON_IN_TITLES * len(titles) if len(titles) >= 200 else len(titles) + 1
        small = len(titles) < MANY
        vectors = []
        for grams in counted:
            vector = {}
            for gram, number in grams.items():
                if seen[gram] > most:
                    continue
                often = seen[gram]
                if small and len(gram) == 2:  # a title is a fifth of what a letter says
                    often = max(often, round(self.total * self.known[gram].share / 5))
                vector[gram] = (1 + math.log(number)) * (math.log((1 + self.total) / (1 + often)) + 1)
            vectors.append(_normed(vector))
        return vectors

    def weigh(self, ones: Sequence[str] | Set[str]) -> float:
        return sum(self.weight[one] for one in ones)

    def worth_comparing(self) -> list[tuple[int, int]]:
        """The pairs of texts that share enough of their titles, a name or a product."""
        posting: dict[str, list[tuple[int, float]]] = defaultdict(list)
        holders: dict[str, list[int]] = defaultdict(list)
        of_product: dict[str, list[int]] = defaultdict(list)
        for number, read in enumerate(self.texts):
            for one in read.mentioned:
                if 1 < self.seen[one] <= _MOST_HOLDERS:
                    holders[one].append(number)
            for product in read.models | read.kinds:
                of_product[product].append(number)
        found: dict[tuple[int, int], None] = {}
        for number, read in enumerate(self.texts):
            near: dict[int, float] = defaultdict(float)
            for gram, value in read.title.items():
                for other, its in posting[gram]:
                    near[other] += value * its
                posting[gram].append((number, value))
            found.update(((other, number), None) for other, value in near.items() if value >= _WORTH_COMPARING)
            named: dict[int, float] = defaultdict(float)
            for one in read.named:
                for other in holders.get(one, ()):
                    named[other] += self.weight[one]
            for other, weight in named.items():
                if other != number and weight >= SURE_NAME / 3:
                    found[(other, number) if other < number else (number, other)] = None
        for alike in of_product.values():
            if len(alike) <= _MOST_HOLDERS:
                found.update((pair, None) for pair in itertools.combinations(alike, 2))
        return list(found)


def cosine(one: Vector, other: Vector) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other[gram] for gram, value in one.items() if gram in other)


def _normed(vector: Vector) -> Vector:
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {gram: value / length for gram, value in vector.items()}


def _name_runs(text: str, known: dict[str, matter.Known]) -> list[list[str]]:
    """The parts of a title that name something: runs of pairs of characters that are rare in feedback at large."""
    found: list[list[str]] = []
    for run in text.split():
        for is_name, some in itertools.groupby(matter.pairs(run), key=lambda one: known[one].is_name):
            if is_name:
                found.append(list(some))
    return found
