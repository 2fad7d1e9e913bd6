"""A linear model over hashed n-grams: loads its weights, scores a text, tells which words decided.

A weights file is a `.npz` of numbers and a JSON header. Reading one costs a few milliseconds and about one megabyte;
scoring needs numpy and nothing else. `feedback.text.training` writes the files.
"""

import functools
import json
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
_BUCKET_SHIFT = np.uint32(15)
_SEEN_SHIFT = np.uint32(12)
"""Leaves a million places, one megabyte a model: of the unknown n-grams one in twenty is looked up in vain."""


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
class Grams:
    """The n-grams of one text: hash, number of its field, where it starts in that field, how long it is."""

    hashes: features.Hashes
    field: NDArray[np.uint8]
    start: NDArray[np.int32]
    length: NDArray[np.int16]
    parts: tuple[str, ...]


def grams_of(fields: tuple[Field, ...], subject: str, text: str) -> Grams:
    """Takes folded, anonymous text. With neither subject nor text the arrays are empty.

    All fields are hashed in one go: for short texts the number of steps costs more than their length.
    """
    parts = tuple(part_of(field.part, subject, text) for field in fields)
    hashes, numbers, starts, lengths = [], [], [], []
    cut = [(number, part) for number, part in enumerate(parts) if part and not fields[number].words]
    if cut:
        salts = [number + 1 for number, _ in cut]
        for n, (some, place, start) in enumerate(
            features.gram_hashes([part for _, part in cut], [fields[number].longest for number, _ in cut], salts), 1
        ):
            hashes.append(some)
            numbers.append(np.array([number for number, _ in cut], dtype=np.uint8)[place])
            starts.append(start)
            lengths.append(np.full(len(some), n, dtype=np.int16))
    for number, part in enumerate(parts):
        if not fields[number].words:
            continue
        found = features.words(part)
        begins = np.array([at for _, at in found], dtype=np.int32)
        ends = np.array([at + len(word) for word, at in found], dtype=np.int32)
        for n, some in enumerate(features.word_hashes(found, salt=number + 1)):
            hashes.append(some)
            starts.append(begins[: len(some)])
            lengths.append((ends[n:] - begins[: len(some)]).astype(np.int16))
            numbers.append(np.full(len(some), number, dtype=np.uint8))
    if not hashes:
        none = np.zeros(0)
        return Grams(none.astype(np.uint32), none.astype(np.uint8), none.astype(np.int32), none.astype(np.int16), ())
    joined = np.concatenate
    return Grams(joined(hashes), joined(numbers), joined(starts), joined(lengths), parts=parts)


class Cut:
    """The n-grams of one text in the fields that its models ask for: two questions with the same fields cut it once."""

    def __init__(self) -> None:
        self._grams: dict[tuple[tuple[Field, ...], str, str], Grams] = {}

    def grams(self, fields: tuple[Field, ...], subject: str, text: str) -> Grams:
        asked = (fields, subject, text)
        if asked not in self._grams:
            self._grams[asked] = grams_of(fields, subject, text)
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
        self._seen = np.zeros(1 << (32 - int(_SEEN_SHIFT)), dtype=np.bool_)
        self._seen[vocabulary >> _SEEN_SHIFT] = True
        self._starts, self._deepest = _buckets(vocabulary)
        self._padded = np.concatenate([vocabulary, np.zeros(self._deepest, dtype=np.uint32)])
        self._field_weights = np.array([field.weight for field in fields], dtype=np.float32)

    def _known(self, hashes: features.Hashes) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Where each hash stands in the vocabulary, and whether it does.

        Most n-grams of a text are unknown: a table of bits turns them away before anything is looked up.
        """
        at = np.zeros(len(hashes), dtype=np.intp)
        known = np.zeros(len(hashes), dtype=np.bool_)
        likely = np.flatnonzero(self._seen[hashes >> _SEEN_SHIFT])
        some = hashes[likely]
        here = self._starts[some >> _BUCKET_SHIFT]
        for _step in range(self._deepest):
            right = np.flatnonzero(self._padded[here] == some)
            at[likely[right]] = here[right]
            known[likely[right]] = True
            here = here + 1
        return at, known

    def _values(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.intp]]:
        """The different rows, with sublinear counts times rarity, each field brought to length one, times the field's
        weight; and where in them each of the given rows went."""
        rows, went, counts = np.unique(rows, return_inverse=True, return_counts=True)
        values = (1 + np.log(counts.astype(np.float32))) * self.rarity[rows]
        fields = self.field_of[rows]
        norms = np.sqrt(np.bincount(fields, weights=values * values, minlength=len(self.fields)))
        norms[norms == 0] = 1
        return rows, (values * (self._field_weights / norms)[fields]).astype(np.float32), went

    def guess(self, text: str, *, subject: str = "", explain: bool = False, cut: "Cut | None" = None) -> Guess:
        """Takes folded, anonymous text. With `explain` the words that decided are found as well.

        `cut` keeps the n-grams for the next model that is asked about the same text.
        """
        grams = grams_of(self.fields, subject, text) if cut is None else cut.grams(self.fields, subject, text)
        at, known = self._known(grams.hashes)
        rows, values, went = self._values(at[known])
        weights = self.coefficients[rows]
        shares = calibration.shares(values @ weights + self.bias, self.sureness.of(len(rows)))
        best = int(shares.argmax())
        confidence = float(shares[best])
        words: tuple[str, ...] = ()
        if explain and len(rows):
            others = np.where(np.arange(len(self.labels)) == best, -np.inf, weights).max(axis=1)
            words = _loudest(grams, np.flatnonzero(known), (values * (weights[:, best] - others))[went])
        by_label = {label: round(float(share), 4) for label, share in zip(self.labels, shares, strict=True)}
        return Guess(self.labels[best], confidence, by_label, confidence >= self.threshold, words)


def _loudest(grams: Grams, known: NDArray[np.intp], pull: NDArray[np.floating], most: int = 3) -> tuple[str, ...]:
    """The stretches of the text that spoke loudest: each known n-gram spreads its pull over its characters."""
    text = "\n".join(grams.parts)
    offsets = np.cumsum([0, *(len(part) + 1 for part in grams.parts)])
    length = grams.length[known]
    long = length > 1
    known, length = known[long], length[long]
    start = grams.start[known] + offsets[grams.field[known]]
    share = pull[long] / length
    change = np.bincount(start, share, len(text) + 1) - np.bincount(start + length, share, len(text) + 1)
    sound = np.cumsum(change)[: len(text)]
    top = float(sound.max(initial=0.0))
    if top <= 0:
        return ()
    edges = np.flatnonzero(np.diff(np.concatenate(([0], sound > 0.35 * top, [0]))))
    heard: dict[str, float] = {}
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        begin, end = _whole_words(text, begin, end)
        words = telling(text[begin:end].strip("^$ ,。!?;:、.\n"))
        if 1 < len(words) <= 40:
            heard[words] = max(heard.get(words, 0.0), float(sound[begin:end].max()))
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
    which are read as noughts. A word that denies stays with what it denies."""
    words = words.strip(_SMALL)
    return "" if set(words) <= _SMALL_WORDS or not words.strip("0 ") else words


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


def _buckets(vocabulary: features.Hashes) -> tuple[NDArray[np.intp], int]:
    """Where in the vocabulary the hashes with the same leading bits begin, and how many share them at most."""
    leading = vocabulary >> _BUCKET_SHIFT
    starts = np.searchsorted(leading, np.arange(1 << (32 - int(_BUCKET_SHIFT)), dtype=np.uint32))
    return starts, int(np.bincount(leading).max(initial=0)) if len(vocabulary) else 0


def save(model: LinearModel, path: Path | BinaryIO, *, header: dict[str, Any]) -> None:
    header = header | {
        "labels": list(model.labels),
        "fields": [[field.part, field.weight, field.longest, field.words] for field in model.fields],
        "scale": round(model.sureness.scale, 4),
        "part": round(model.sureness.part, 3),
        "threshold": round(float(model.threshold), 4),
    }
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
            sureness=Sureness(header["scale"], header.get("part", 0.0)),  # a company's own of before has none
            threshold=header["threshold"],
        )


@functools.cache
def shipped(name: str) -> LinearModel | None:
    """The model of that name beside this module, read on first use; None when it was never trained."""
    path = WEIGHTS / f"{name}.npz"
    return load(path) if path.exists() else None
