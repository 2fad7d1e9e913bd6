"""A linear model over hashed n-grams: loads its weights, scores a text, tells which words decided.

A weights file is a `.npz` of numbers and a JSON header. Reading one costs a few milliseconds and about one megabyte;
scoring needs numpy and nothing else. `feedback.text.training` writes the files.
"""

import functools
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from feedback.text import calibration, features
from feedback.text.calibration import Sureness

WEIGHTS = Path(__file__).resolve().parent / "weights"


@dataclass(frozen=True)
class Field:
    """One view of a text: which part of it is cut into n-grams, and how much it counts."""

    part: str  # subject, body, head or tail
    weight: float
    longest: int
    words: bool = False


LETTER_FIELDS = (Field("subject", 1.0, 4), Field("body", 1.0, 4), Field("tail", 0.6, 4), Field("head", 0.6, 4))
BODY_FIELDS = (Field("body", 1.0, 4),)
LATIN_FIELDS = (Field("body", 0.8, 5), Field("body", 1.0, 0, True))
TAIL = HEAD = 40
_NO_HASHES = np.zeros(0, dtype=np.uint32)
_SLOT_SHIFT = np.uint32(13)
"""Leaves half a million slots, two megabytes a model: of the unknown n-grams one in nine is looked up in vain."""


def part_of(part: str, subject: str, text: str) -> str:
    """The characters of one field; ^ and $ mark where it begins and ends, which is where people say what they want."""
    if part == "subject":
        return f"^{subject}$" if subject else ""
    if part == "head":
        return f"^{text[:HEAD]}"
    if part == "tail":
        return f"{text[-TAIL:]}$"
    return f"^{text}$"


@dataclass(frozen=True)
class Spans:
    """Of each n-gram the number of its field, where it starts in that field, how long it is."""

    field: NDArray[np.uint8]
    start: NDArray[np.int32]
    length: NDArray[np.int16]


class Grams:
    """The n-grams of one text: `hashes`, those of characters first, and where each stands, reckoned when it is asked for.

    Takes folded, anonymous text. With neither subject nor text there are none.
    """

    def __init__(self, fields: tuple[Field, ...], subject: str, text: str) -> None:
        self.parts = tuple(part_of(field.part, subject, text) for field in fields)
        filled = [number for number, part in enumerate(self.parts) if part]
        self._cut = [number for number in filled if not fields[number].words]
        self._worded = [(number, features.words(self.parts[number])) for number in filled if fields[number].words]
        found: list[features.Hashes] = []
        if self._cut:
            parts, longest = (
                [self.parts[number] for number in self._cut],
                [fields[number].longest for number in self._cut],
            )
            self._chars = features.gram_hashes(parts, longest, [number + 1 for number in self._cut])
            found.append(self._chars.hashes)
        for number, words in self._worded:
            found += features.word_hashes(words, salt=number + 1)
        self.hashes = np.concatenate(found) if len(found) != 1 and found else found[0] if found else _NO_HASHES

    @functools.cached_property
    def spans(self) -> Spans:
        fields, starts, lengths = (
            [_NO_HASHES.astype(np.uint8)],
            [_NO_HASHES.astype(np.int32)],
            [_NO_HASHES.astype(np.int16)],
        )
        if self._cut:
            place, start, length = self._chars.spans()
            fields.append(np.array(self._cut, dtype=np.uint8)[place])
            starts.append(start)
            lengths.append(length)
        for number, words in self._worded:
            begins = np.array([at for _, at in words], dtype=np.int32)
            ends = np.array([at + len(word) for word, at in words], dtype=np.int32)
            for n in range(min(2, len(words))):  # words, then pairs of neighbours
                some = len(words) - n
                fields.append(np.full(some, number, dtype=np.uint8))
                starts.append(begins[:some])
                lengths.append((ends[n:] - begins[:some]).astype(np.int16))
        return Spans(np.concatenate(fields), np.concatenate(starts), np.concatenate(lengths))


class Cut:
    """The n-grams of one text in the fields that its models ask for: two questions with the same fields cut it once."""

    def __init__(self) -> None:
        self._grams: dict[tuple[tuple[Field, ...], str, str], Grams] = {}

    def grams(self, fields: tuple[Field, ...], subject: str, text: str) -> Grams:
        asked = (fields, subject, text)
        if asked not in self._grams:
            self._grams[asked] = Grams(fields, subject, text)
        return self._grams[asked]


@dataclass(frozen=True)
class Guess:
    label: str
    confidence: float
    shares: dict[str, float]
    sure: bool  # at or above the threshold the training set
    words: tuple[str, ...] = ()  # of this text, loudest first


class LinearModel:
    """`vocabulary` is sorted. One row of `coefficients` a feature, one column a label."""

    def __init__(
        self,
        *,
        labels: tuple[str, ...],
        fields: tuple[Field, ...],
        vocabulary: features.Hashes,
        field_of: NDArray[np.uint8],
        rarity: NDArray[np.floating],
        coefficients: NDArray[np.floating],
        bias: NDArray[np.floating],
        sureness: Sureness = calibration.AS_IT_IS,
        threshold: float = 0.5,
    ) -> None:
        self.labels, self.fields, self.sureness, self.threshold = labels, fields, sureness, threshold
        self.vocabulary, self.field_of = vocabulary, field_of
        self.rarity = np.asarray(rarity, dtype=np.float32)
        self.coefficients = np.asarray(coefficients, dtype=np.float32)
        self.bias = np.asarray(bias, dtype=np.float32)
        self._slots, self._deepest = _slots(vocabulary)
        self._padded = np.concatenate([vocabulary, np.zeros(self._deepest, dtype=np.uint32)])
        self._field_weights = np.array([field.weight for field in fields], dtype=np.float32)

    def known(self, hashes: features.Hashes) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
        """Of the hashes that are in the vocabulary: where they stand there, and which they are.

        Most n-grams of a text are unknown: their slots are empty, and nothing more is looked up.
        """
        at = self._slots[hashes >> _SLOT_SHIFT]
        likely = np.flatnonzero(at >= 0)
        at, sought = at[likely], hashes[likely]
        found = self._padded[at] == sought
        left = np.flatnonzero(~found)
        for _step in range(1, self._deepest):
            at[left] += 1
            right = self._padded[at[left]] == sought[left]
            found[left[right]] = True
            left = left[~right]
        return at[found], likely[found]

    def values(self, rows: NDArray[np.integer]) -> tuple[NDArray[np.integer], NDArray[np.float32], NDArray[np.intp]]:
        """The different rows in their order, with sublinear counts times rarity, each field brought to length one, times the
        field's weight; and where in them each of the given rows went."""
        rows, counts, went = _counted(rows)
        values = (1 + np.log(counts.astype(np.float32))) * self.rarity[rows]
        fields = self.field_of[rows]
        norms = np.sqrt(np.bincount(fields, weights=values * values, minlength=len(self.fields)))
        norms[norms == 0] = 1
        return rows, (values * (self._field_weights / norms)[fields]).astype(np.float32), went

    def guess(self, text: str, *, subject: str = "", explain: bool = False, cut: "Cut | None" = None) -> Guess:
        """Takes folded, anonymous text. With `explain` the words that decided are found as well.

        `cut` keeps the n-grams for the next model that is asked about the same text.
        """
        grams = Grams(self.fields, subject, text) if cut is None else cut.grams(self.fields, subject, text)
        known, which = self.known(grams.hashes)
        rows, values, went = self.values(known)
        weights = self.coefficients[rows]
        shares = calibration.shares_of_one((values @ weights + self.bias).tolist(), self.sureness.of_one(len(rows)))
        confidence = max(shares)
        best = shares.index(confidence)
        words: tuple[str, ...] = ()
        if explain and len(rows):
            others = functools.reduce(np.maximum, (weights[:, one] for one in range(len(self.labels)) if one != best))
            pull = (values * (weights[:, best] - others))[went]
            words = _loudest(grams, which, pull)
        by_label = {label: round(share, 4) for label, share in zip(self.labels, shares, strict=True)}
        return Guess(self.labels[best], confidence, by_label, confidence >= self.threshold, words)


def _loudest(grams: Grams, known: NDArray[np.intp], pull: NDArray[np.floating], most: int = 3) -> tuple[str, ...]:
    """The stretches of the text that spoke loudest: each known n-gram spreads its pull over its characters."""
    text = "\n".join(grams.parts)
    offsets = np.cumsum([0, *(len(part) + 1 for part in grams.parts)])
    spans = grams.spans
    length = spans.length[known]
    long = length > 1
    known, length = known[long], length[long]
    start = spans.start[known] + offsets[spans.field[known]]
    share = pull[long] / length
    change = np.bincount(start, share, len(text) + 1) - np.bincount(start + length, share, len(text) + 1)
    sound = np.cumsum(change)[: len(text)]
    top = float(sound.max(initial=0.0))
    if top <= 0:
        return ()
    loud = np.zeros(len(sound) + 2, dtype=np.bool_)
    np.greater(sound, 0.35 * top, out=loud[1:-1])
    edges = np.flatnonzero(loud[1:] != loud[:-1])
    most_heard = np.maximum.reduceat(sound, edges[edges < len(sound)])[::2].tolist()
    heard: dict[str, float] = {}
    for begin, end, loudest in zip(edges[::2].tolist(), edges[1::2].tolist(), most_heard, strict=True):
        wide = _whole_words(text, begin, end)
        words = telling(text[wide[0] : wide[1]].strip("^$ ,。!?;:、.\n"))
        if 1 < len(words) <= 40:
            if wide != (begin, end):  # what is beside may be as loud
                loudest = float(sound[wide[0] : wide[1]].max())
            heard[words] = max(heard.get(words, 0.0), loudest)
    kept: list[str] = []
    for words in sorted(heard, key=lambda words: (-heard[words], words)):
        if len(kept) == most:
            break
        if not any(words in other or other in words for other in kept):
            kept.append(words)
    return tuple(kept)


_SMALL = (
    "的们我你您他她它这那个也都还就是了着过吧呢吗啊呀很太更再又把被给让和与在到从一二三四五六七八九十几两天日月年有"
)
_SMALL_WORDS = frozenset(_SMALL + "没不无未")


def telling(words: str) -> str:
    """What of a stretch a reader can learn something from: `我想咨询一` is 想咨询, and 都没有, 二天 or 们的 say nothing, nor do figures,
    which are read as noughts: of 小区0栋 it is 小区. A word that denies stays with what it denies."""
    words = max(words.split("0"), key=len).strip(_SMALL + " ")
    return "" if set(words) <= _SMALL_WORDS else words


def _whole_words(text: str, begin: int, end: int) -> tuple[int, int]:
    """Widens a stretch that cuts a Latin word."""
    while (
        begin
        and text[begin].isascii()
        and text[begin].isalpha()
        and text[begin - 1].isascii()
        and text[begin - 1].isalpha()
    ):
        begin -= 1
    while (
        end < len(text)
        and text[end - 1].isascii()
        and text[end - 1].isalpha()
        and text[end].isascii()
        and text[end].isalpha()
    ):
        end += 1
    return begin, end


def _slots(vocabulary: features.Hashes) -> tuple[NDArray[np.int32], int]:
    """By the leading bits of a hash, where in the vocabulary the first that begins so stands, or -1; and how many begin alike at
    most."""
    leading, first, many = np.unique(vocabulary >> _SLOT_SHIFT, return_index=True, return_counts=True)
    slots = np.full(1 << (32 - int(_SLOT_SHIFT)), -1, dtype=np.int32)
    slots[leading] = first
    return slots, int(many.max(initial=1))


def _counted(rows: NDArray[np.integer]) -> tuple[NDArray[np.integer], NDArray[np.intp], NDArray[np.intp]]:
    """As `np.unique` with counts and inverse, in less of the time for a few hundred."""
    order = rows.argsort()
    rows = rows[order]
    fresh = np.ones(len(rows), dtype=np.bool_)
    np.not_equal(rows[1:], rows[:-1], out=fresh[1:])
    first = np.flatnonzero(fresh)
    counts = np.empty_like(first)
    np.subtract(first[1:], first[:-1], out=counts[:-1])
    counts[-1:] = len(rows) - first[-1:]
    went = np.empty_like(order)
    went[order] = fresh.cumsum() - 1
    return rows[first], counts, went


def save(model: LinearModel, path: Path | BinaryIO, *, header: dict[str, Any]) -> None:
    header = header | {
        "labels": list(model.labels),
        "fields": [[field.part, field.weight, field.longest, field.words] for field in model.fields],
        "scale": round(model.sureness.scale, 4),
        "part": round(model.sureness.part, 3),
        "threshold": round(float(model.threshold), 4),
    }
    if math.isfinite(model.sureness.enough):
        header["enough"] = round(model.sureness.enough, 1)
    np.savez_compressed(
        path,
        header=np.frombuffer(json.dumps(header, sort_keys=True).encode(), dtype=np.uint8),
        vocabulary=model.vocabulary,
        field_of=model.field_of,
        rarity=model.rarity.astype(np.float16),
        coefficients=model.coefficients.astype(np.float16),
        bias=model.bias,
    )


def load(path: Path | BinaryIO) -> LinearModel:
    with np.load(path, allow_pickle=False) as stored:
        header = json.loads(stored["header"].tobytes())
        return LinearModel(
            labels=tuple(header["labels"]),
            fields=tuple(Field(*field) for field in header["fields"]),
            vocabulary=stored["vocabulary"],
            field_of=stored["field_of"],
            rarity=stored["rarity"],
            coefficients=stored["coefficients"],
            bias=stored["bias"],
            # a company's own of before may lack the one or the other
            sureness=Sureness(header["scale"], header.get("part", 0.0), header.get("enough", math.inf)),
            threshold=header["threshold"],
        )


@functools.cache
def shipped(name: str) -> LinearModel | None:
    """The model of that name beside this module, read on first use; None when it was never trained."""
    path = WEIGHTS / f"{name}.npz"
    return load(path) if path.exists() else None
