"""A linear model over hashed n-grams: loads its weights, scores a text, tells which words decided.

A weights file is a `.npz` of numbers and a JSON header. Reading one costs a few milliseconds and about one megabyte;
scoring needs numpy and nothing else. `feedback.training` writes the files.
"""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback import features

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
    """Takes folded, anonymous text. With neither subject nor text the arrays are empty."""
    hashes, numbers, starts, lengths, parts = [], [], [], [], []
    for number, field in enumerate(fields):
        part = part_of(field.part, subject, text)
        parts.append(part)
        if field.words:
            found = features.words(part)
            begins = np.array([at for _, at in found], dtype=np.int32)
            ends = np.array([at + len(word) for word, at in found], dtype=np.int32)
            for n, some in enumerate(features.word_hashes(found, salt=number + 1)):
                hashes.append(some)
                starts.append(begins[: len(some)])
                lengths.append((ends[n:] - begins[: len(some)]).astype(np.int16))
                numbers.append(np.full(len(some), number, dtype=np.uint8))
            continue
        for n, some in enumerate(features.gram_hashes(part, longest=field.longest, salt=number + 1), 1):
            hashes.append(some)
            starts.append(np.arange(len(some), dtype=np.int32))
            lengths.append(np.full(len(some), n, dtype=np.int16))
            numbers.append(np.full(len(some), number, dtype=np.uint8))
    if not hashes:
        none = np.zeros(0)
        return Grams(none.astype(np.uint32), none.astype(np.uint8), none.astype(np.int32), none.astype(np.int16), ())
    return Grams(*map(np.concatenate, (hashes, numbers, starts, lengths)), parts=tuple(parts))


@dataclass(frozen=True)
class Guess:
    label: str
    confidence: float
    shares: dict[str, float]
    sure: bool  # at or above the threshold the training set


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
        scale: float = 1.0,
        threshold: float = 0.5,
    ) -> None:
        self.labels, self.fields, self.scale, self.threshold = labels, fields, scale, threshold
        self.vocabulary, self.field_of = vocabulary, field_of
        self.rarity = np.asarray(rarity, dtype=np.float32)
        self.coefficients = np.asarray(coefficients, dtype=np.float32)
        self.bias = np.asarray(bias, dtype=np.float32)
        self._field_weights = np.array([field.weight for field in fields], dtype=np.float32)

    def _known(self, hashes: features.Hashes) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        at = np.searchsorted(self.vocabulary, hashes)
        at[at == len(self.vocabulary)] = 0
        return at, self.vocabulary[at] == hashes

    def _values(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Sublinear counts times rarity, each field brought to length one, times the field's weight."""
        rows, counts = np.unique(rows, return_counts=True)
        values = (1 + np.log(counts.astype(np.float32))) * self.rarity[rows]
        fields = self.field_of[rows]
        norms = np.sqrt(np.bincount(fields, weights=values * values, minlength=len(self.fields)))
        norms[norms == 0] = 1
        return rows, (values * (self._field_weights / norms)[fields]).astype(np.float32)

    def decision(self, text: str, *, subject: str = "") -> NDArray[np.float32]:
        """One score a label, of folded and anonymous text; not yet a probability."""
        at, known = self._known(grams_of(self.fields, subject, text).hashes)
        rows, values = self._values(at[known])
        return values @ self.coefficients[rows] + self.bias

    def shares(self, decision: NDArray[np.floating]) -> NDArray[np.floating]:
        """Calibrated probabilities of one row of scores or of many."""
        powers = np.exp(self.scale * (decision - decision.max(axis=-1, keepdims=True)))
        return powers / powers.sum(axis=-1, keepdims=True)

    def guess(self, text: str, *, subject: str = "") -> Guess:
        shares = self.shares(self.decision(text, subject=subject))
        best = int(shares.argmax())
        confidence = float(shares[best])
        by_label = {label: round(float(share), 4) for label, share in zip(self.labels, shares, strict=True)}
        return Guess(self.labels[best], confidence, by_label, confidence >= self.threshold)

    def deciding_words(self, label: str, text: str, *, subject: str = "", most: int = 3) -> list[str]:
        """The stretches of this text that spoke loudest for `label` against the others, loudest first."""
        grams = grams_of(self.fields, subject, text)
        at, known = self._known(grams.hashes)
        if not known.any():
            return []
        rows, values = self._values(at[known])
        column = self.labels.index(label)
        others = np.delete(self.coefficients[rows], column, axis=1).max(axis=1)
        weight = dict(zip(rows.tolist(), (values * (self.coefficients[rows, column] - others)).tolist(), strict=True))
        pulls = [np.zeros(len(part)) for part in grams.parts]
        for index in np.flatnonzero(known & (grams.length > 1)):
            pull = weight[int(at[index])]
            start, length = int(grams.start[index]), int(grams.length[index])
            pulls[grams.field[index]][start : start + length] += pull / length
        return _loudest(grams.parts, pulls, most)


def _loudest(parts: tuple[str, ...], pulls: list[NDArray[np.floating]], most: int) -> list[str]:
    top = max((float(pull.max()) for pull in pulls if len(pull)), default=0.0)
    if top <= 0:
        return []
    found: dict[str, float] = {}
    for part, pull in zip(parts, pulls, strict=True):
        loud = np.append(pull > 0.35 * top, False)
        begin = None
        for index, on in enumerate(loud):
            if on and begin is None:
                begin = index
            elif not on and begin is not None:
                words = part[begin:index].strip("^$ ,。,!;:、")
                if len(words) > 1:
                    found[words] = max(found.get(words, 0.0), float(pull[begin:index].max()))
                begin = None
    ranked = sorted(found, key=lambda words: (-found[words], words))
    kept: list[str] = []
    for words in ranked:
        if len(words) <= 40 and not any(words in other or other in words for other in kept):
            kept.append(words)
    return kept[:most]


def save(model: LinearModel, path: Path, *, header: dict[str, Any]) -> None:
    header = header | {
        "labels": list(model.labels),
        "fields": [[field.part, field.weight, field.longest, field.words] for field in model.fields],
        "scale": round(float(model.scale), 4),
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


def load(path: Path) -> LinearModel:
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
            scale=header["scale"],
            threshold=header["threshold"],
        )


@functools.cache
def shipped(name: str) -> LinearModel | None:
    """The model of that name beside this module, read on first use; None when it was never trained."""
    path = WEIGHTS / f"{name}.npz"
    return load(path) if path.exists() else None
