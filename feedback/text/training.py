"""Trains the linear models of `feedback.text.language_model` and measures them by cross-validation.

Needs scikit-learn, which the run time does not. No text leaves this module: what it returns are hashes and numbers,
and an n-gram seen in fewer than `SEEN_IN` different texts is dropped, so that no name travels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from common.text import squeezed
from feedback.text import features
from feedback.text.language_model import Field, LinearModel, grams_of

SEEN_IN = 3
ACCURACY_WANTED = 0.98
"""Above the threshold so many guesses in a hundred are right; what is below goes to a person."""
MOST_TO_REVIEW = 0.18


@dataclass(frozen=True)
class Example:
    text: str
    label: str
    subject: str = ""
    weight: float = 1.0
    measured: bool = True  # False: trained on, never counted in a score


@dataclass(frozen=True)
class Scores:
    labels: tuple[str, ...]
    examples: int
    macro_f1: float
    accuracy: float
    f1: dict[str, float]
    threshold: float
    sure_macro_f1: float
    to_review: float
    confusion: list[list[int]]  # a row a true label, a column a guess

    def as_dict(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


Counts = list[tuple[NDArray[np.uint32], NDArray[np.intp]]]


def _counted(examples: Sequence[Example], fields: tuple[Field, ...]) -> tuple[Counts, dict[int, int]]:
    counts, field_of = [], {}
    for example in examples:
        grams = grams_of(
            fields,
            features.anonymous(squeezed(example.subject)),
            features.anonymous(squeezed(example.text)),
        )
        hashes, first, number = np.unique(grams.hashes, return_index=True, return_counts=True)
        counts.append((hashes, number))
        field_of.update(zip(hashes.tolist(), grams.field[first].tolist(), strict=True))
    return counts, field_of


def _groups(examples: Sequence[Example]) -> NDArray[np.intp]:
    """Texts that begin alike share a group: copies never sit on both sides of a split."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(squeezed(example.text)[:40], len(numbers)) for example in examples])


def _vocabulary(counts: Counts, groups: NDArray[np.intp]) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    seen = [hashes for hashes, _ in counts]
    owner = np.repeat(groups, [len(hashes) for hashes in seen])
    pairs = np.unique(np.concatenate(seen).astype(np.int64) << 24 | owner.astype(np.int64))
    hashes, texts = np.unique(pairs >> 24, return_counts=True)
    often = texts >= SEEN_IN
    total = len(np.unique(groups))
    rarity = np.log((1 + total) / (1 + texts[often])) + 1
    return hashes[often].astype(np.uint32), rarity.astype(np.float32)


def _matrix(model: LinearModel, counts: Counts) -> csr_matrix:
    pointer, columns, cells = [0], [], []
    for hashes, number in counts:
        at, known = model._known(hashes)
        rows, values, _ = model._values(np.repeat(at[known], number[known]))
        columns.append(rows)
        cells.append(values)
        pointer.append(pointer[-1] + len(rows))
    shape = (len(counts), len(model.vocabulary))
    return csr_matrix((np.concatenate(cells), np.concatenate(columns), np.array(pointer)), shape=shape)


def _fit(
    counts: Counts,
    field_of: dict[int, int],
    answers: NDArray[np.intp],
    weights: NDArray[np.floating],
    groups: NDArray[np.intp],
    *,
    labels: tuple[str, ...],
    fields: tuple[Field, ...],
    firmness: float,
    most_features: int | None,
) -> LinearModel:
    vocabulary, rarity = _vocabulary(counts, groups)
    numbers = np.array([field_of[int(one)] for one in vocabulary], dtype=np.uint8)
    parts = {"labels": labels, "fields": fields}
    empty = np.zeros((len(vocabulary), len(labels)))
    model = LinearModel(
        **parts, vocabulary=vocabulary, field_of=numbers, rarity=rarity, coefficients=empty, bias=np.zeros(len(labels))
    )
    machine = LinearSVC(C=firmness, class_weight="balanced", random_state=0)
    machine.fit(_matrix(model, counts), answers, sample_weight=weights)
    coefficients, bias = machine.coef_.T, machine.intercept_
    if len(labels) == 2:
        coefficients = np.concatenate([-coefficients, coefficients], axis=1)
        bias = np.array([-bias[0], bias[0]])
    keep = np.arange(len(vocabulary))
    if most_features and len(vocabulary) > most_features:
        strength = np.abs(coefficients).max(axis=1) * rarity
        keep = np.sort(np.argpartition(-strength, most_features)[:most_features])
    return LinearModel(
        **parts,
        vocabulary=vocabulary[keep],
        field_of=numbers[keep],
        rarity=rarity[keep],
        coefficients=coefficients[keep],
        bias=bias,
    )


def _calibrated(decisions: NDArray[np.floating], truth: NDArray[np.intp]) -> float:
    """The factor that makes the shares honest: the one with the least logarithmic loss on unseen texts."""

    def loss(scale: float) -> float:
        scores = scale * (decisions - decisions.max(axis=1, keepdims=True))
        return float((np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(truth)), truth]).mean())

    return float(minimize_scalar(loss, bounds=(0.2, 20), method="bounded").x)


def _threshold(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """The lowest confidence above which `ACCURACY_WANTED` holds, sending at most `MOST_TO_REVIEW` to a person."""
    order = np.argsort(-confidence)
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(accuracy >= ACCURACY_WANTED)
    last = max(int(good[-1]) if len(good) else 0, int(len(order) * (1 - MOST_TO_REVIEW)) - 1)
    return float(confidence[order[last]])


def train(
    examples: Sequence[Example],
    *,
    fields: tuple[Field, ...],
    firmness: float = 0.3,
    folds: int = 5,
    most_features: int | None = None,
) -> tuple[LinearModel, Scores]:
    """The model of all examples, and the scores that models of the same making reach on texts they have not seen.

    Raises ValueError with fewer than two labels or fewer than `folds` examples of one.
    """
    labels = tuple(sorted({example.label for example in examples}))
    answers = np.array([labels.index(example.label) for example in examples])
    if len(labels) < 2 or np.bincount(answers).min() < folds:
        raise ValueError(f"training needs two labels or more, with at least {folds} examples each")
    weights = np.array([example.weight for example in examples])
    counted = np.array([example.measured for example in examples])
    counts, field_of = _counted(examples, fields)
    groups = _groups(examples)
    making = {"labels": labels, "fields": fields, "firmness": firmness, "most_features": most_features}
    decisions, truth = [], []
    for known, unseen in StratifiedGroupKFold(folds, shuffle=True, random_state=0).split(answers, answers, groups):
        unseen = unseen[counted[unseen]]
        some = [counts[i] for i in known]
        model = _fit(some, field_of, answers[known], weights[known], groups[known], **making)
        decisions.append(_matrix(model, [counts[i] for i in unseen]) @ model.coefficients + model.bias)
        truth.append(answers[unseen])
    decision, answer = np.vstack(decisions), np.concatenate(truth)
    model = _fit(counts, field_of, answers, weights, groups, **making)
    model.scale = _calibrated(decision, answer)
    confidence, guess = model.shares(decision).max(axis=1), decision.argmax(axis=1)
    model.threshold = _threshold(confidence, guess == answer)
    sure = confidence >= model.threshold
    return model, _scores(labels, answer, guess, sure, model.threshold)


def _scores(
    labels: tuple[str, ...], truth: NDArray, guess: NDArray, sure: NDArray[np.bool_], threshold: float
) -> Scores:
    each = f1_score(truth, guess, average=None, labels=range(len(labels)), zero_division=0)
    return Scores(
        labels=labels,
        examples=len(truth),
        macro_f1=round(float(each.mean()), 4),
        accuracy=round(float((truth == guess).mean()), 4),
        f1={label: round(float(value), 4) for label, value in zip(labels, each, strict=True)},
        threshold=round(threshold, 4),
        sure_macro_f1=round(float(f1_score(truth[sure], guess[sure], average="macro")), 4),
        to_review=round(float(1 - sure.mean()), 4),
        confusion=confusion_matrix(truth, guess, labels=range(len(labels))).tolist(),
    )


def without_subject(examples: Sequence[Example]) -> list[Example]:
    return [replace(example, subject="") for example in examples]
