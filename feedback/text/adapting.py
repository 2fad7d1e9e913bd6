"""Fits a shipped model to a company's own corrections, without the texts it was once trained from. Pure; numpy alone.

The weights move from where they are only as far as the examples ask for: multinomial logistic loss, plus what a step away
from the shipped weights costs. The vocabulary stays, so that no n-gram of a customer's text enters the weights.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback.text import calibration, features
from feedback.text.calibration import Sureness
from feedback.text.language_model import Grams, LinearModel, load, save
from feedback.text.plain import plain

LEAST = 40
"""With fewer fresh examples nothing is tried."""
LEAST_OF_A_LABEL = 4
ENOUGH_TO_CALIBRATE = 150
"""With fewer fresh examples the model says that it is as sure as the shipped one would be: sixty told it worse (decision 0041)."""
FOLDS = 5
FIRMNESS = 0.003
"""What a step away from the shipped weights costs, beside the mean loss of an example."""
_STEPS = 120


@dataclass(frozen=True)
class Example:
    subject: str
    text: str
    label: str
    fresh: bool = True  # not seen by the model in use when it was fitted: only these tell who is better


@dataclass(frozen=True)
class Comparison:
    """Macro-F1 of both on fresh examples that the adapted one had not seen, in turn; and the share that each got right."""

    examples: int
    before: float
    after: float
    agreed_before: float
    agreed_after: float

    @property
    def is_not_worse(self) -> bool:
        return self.after >= self.before


class TooFew(ValueError):
    """There is not enough to learn from."""


@dataclass(frozen=True)
class _Vectors:
    """All examples one after the other: which features, how strong, and where each example begins."""

    rows: NDArray[np.intp]
    values: NDArray[np.float32]
    starts: NDArray[np.intp]
    labels: NDArray[np.intp]

    def some(self, chosen: NDArray[np.intp]) -> "_Vectors":
        ends = np.append(self.starts[1:], len(self.rows))
        spans = [np.arange(self.starts[one], ends[one]) for one in chosen]
        lengths = np.array([len(span) for span in spans])
        picked = np.concatenate(spans)
        return _Vectors(self.rows[picked], self.values[picked], np.cumsum(lengths) - lengths, self.labels[chosen])

    def known(self) -> NDArray[np.intp]:
        """How many different features each example has."""
        return np.diff(np.append(self.starts, len(self.rows)))

    def scores(self, weights: NDArray[np.floating], bias: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.add.reduceat(weights[self.rows] * self.values[:, None], self.starts, axis=0) + bias


def _vectors(model: LinearModel, examples: Sequence[Example]) -> _Vectors:
    rows, values, lengths = [], [], []
    for example in examples:
        grams = Grams(model.fields, features.anonymous(plain(example.subject)), features.anonymous(plain(example.text)))
        some, strong, _ = model.values(model.known(grams.hashes)[0])
        if not len(some):  # nothing of it is known: one feature without any weight stands for it
            some, strong = np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.float32)
        rows.append(some)
        values.append(strong)
        lengths.append(len(some))
    counts = np.array(lengths)
    labels = np.array([model.labels.index(example.label) for example in examples])
    return _Vectors(np.concatenate(rows), np.concatenate(values), np.cumsum(counts) - counts, labels)


def _fit(model: LinearModel, vectors: _Vectors, firmness: float) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """New coefficients and bias, by gradient descent with momentum over the features that occur."""
    used, place = np.unique(vectors.rows, return_inverse=True)
    start = model.coefficients[used].astype(np.float64)
    weights, bias = start.copy(), model.bias.astype(np.float64)
    count, labels = len(vectors.labels), len(model.labels)
    truth = np.eye(labels)[vectors.labels]
    balance = count / (labels * np.maximum(np.bincount(vectors.labels, minlength=labels), 1))
    weigh = balance[vectors.labels][:, None] / count
    owner = np.repeat(np.arange(count), vectors.known())
    local = _Vectors(place, vectors.values, vectors.starts, vectors.labels)
    moved, moved_bias = np.zeros_like(weights), np.zeros_like(bias)
    scale = model.sureness.scale
    for _step in range(_STEPS):
        off = weigh * scale * (calibration.shares(local.scores(weights, bias), scale) - truth)
        slope = np.stack(
            [np.bincount(place, vectors.values * off[owner, one], len(used)) for one in range(labels)], axis=1
        )
        moved = 0.9 * moved - 0.5 * (slope + firmness * (weights - start))
        moved_bias = 0.9 * moved_bias - 0.05 * (off.sum(axis=0) + firmness * (bias - model.bias))
        weights, bias = weights + moved, bias + moved_bias
    coefficients = model.coefficients.copy()
    coefficients[used] = weights
    return coefficients, bias


def _with(
    model: LinearModel, coefficients: NDArray[np.floating], bias: NDArray[np.floating], sureness: Sureness
) -> LinearModel:
    return LinearModel(
        labels=model.labels, fields=model.fields, vocabulary=model.vocabulary, field_of=model.field_of,
        rarity=model.rarity, coefficients=coefficients, bias=bias, sureness=sureness, threshold=model.threshold,
    )  # fmt: skip


def macro_f1(truth: NDArray[np.intp], guess: NDArray[np.intp]) -> float:
    """Over the labels that occur in the truth."""
    each = []
    for label in np.unique(truth):
        right = int(((truth == label) & (guess == label)).sum())
        each.append(2 * right / max(int((truth == label).sum() + (guess == label).sum()), 1))
    return float(np.mean(each))


def adapt(
    model: LinearModel, examples: Sequence[Example], *, used: LinearModel | None = None, firmness: float = FIRMNESS
) -> tuple[LinearModel, Comparison]:
    """The model fitted to all examples, and how models of the same making do on examples they have not seen, beside the
    one in use (`used`, else the one given). Raises TooFew. Some seconds for a thousand examples.

    Both are compared on the fresh examples alone, which also tell how sure it may be; the others are learnt from.
    """
    used = used or model
    known = [example for example in examples if example.label in model.labels]
    numbers = np.bincount([model.labels.index(one.label) for one in known], minlength=len(model.labels))
    fresh = np.array([one.fresh for one in known], dtype=np.bool_)
    if fresh.sum() < LEAST or (numbers >= LEAST_OF_A_LABEL).sum() < 2:
        raise TooFew(f"{int(fresh.sum())} fresh examples, {int((numbers >= LEAST_OF_A_LABEL).sum())} labels")
    vectors = _vectors(model, known)
    fold_of = np.where(fresh, _folds(known), -1)
    scores = np.zeros((len(known), len(model.labels)))
    for fold in range(FOLDS):
        unseen = np.flatnonzero(fold_of == fold)
        if len(unseen):
            coefficients, bias = _fit(model, vectors.some(np.flatnonzero(fold_of != fold)), firmness)
            scores[unseen] = vectors.some(unseen).scores(coefficients, bias)
    before = vectors.scores(used.coefficients, used.bias).argmax(axis=1)
    truth, guess, before = vectors.labels[fresh], scores[fresh].argmax(axis=1), before[fresh]
    comparison = Comparison(
        len(truth), macro_f1(truth, before), macro_f1(truth, guess), float((truth == before).mean()),
        float((truth == guess).mean()),
    )  # fmt: skip
    sureness = model.sureness
    if len(truth) >= ENOUGH_TO_CALIBRATE:
        sureness = calibration.rescaled(sureness, scores[fresh], vectors.known()[fresh], truth)
    return _with(model, *_fit(model, vectors, firmness), sureness), comparison


def _folds(examples: Sequence[Example]) -> NDArray[np.intp]:
    """Texts that begin alike share a fold: a copy never tells the answer. The same texts fall the same way."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(plain(one.text)[:40], len(numbers)) % FOLDS for one in examples])


def as_bytes(model: LinearModel, *, header: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    save(model, file, header=header)
    return file.getvalue()


def from_bytes(stored: bytes | memoryview) -> LinearModel:
    return load(io.BytesIO(bytes(stored)))
