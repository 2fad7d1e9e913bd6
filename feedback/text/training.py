"""Trains the linear models of `feedback.text.language_model` and measures them by cross-validation.

Needs scikit-learn, which the run time does not. No text leaves this module: what it returns are hashes and numbers,
and an n-gram seen in fewer than `SEEN_IN` different texts is dropped, so that no name travels.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from common.text import squeezed
from feedback.text import features, reliability
from feedback.text.calibration import Sureness
from feedback.text.language_model import Field, Grams, LinearModel
from feedback.text.little import says_little
from feedback.text.plain import plain
from feedback.text.reliability import Told

SEEN_IN = 3
ACCURACY_WANTED = 0.98
"""Above the threshold so many guesses in a hundred are right; what is below goes to a person."""
MOST_TO_REVIEW = 0.18
_SENTENCE = re.compile(r"[。!?！？;；\n]+")
_CLAUSE = re.compile(r"[。!?！？;；\n,，、:：]+")
_LATIN_WORDS = 4


@dataclass(frozen=True)
class Example:
    text: str
    label: str
    subject: str = ""
    weight: float = 1.0
    measured: bool = True  # False: trained on, never counted in a score
    is_not: bool = (
        False  # the label is the one that it has not, whichever it has: it teaches that one alone, and is never scored
    )


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
    reliability: list[dict[str, float]] = field(default_factory=list)  # see `reliability.table`

    def as_dict(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


Counts = list[tuple[NDArray[np.uint32], NDArray[np.intp]]]


def _counted(examples: Sequence[Example], fields: tuple[Field, ...]) -> tuple[Counts, dict[int, int]]:
    counts, field_of = [], {}
    for example in examples:
        grams = Grams(
            fields,
            features.anonymous(squeezed(example.subject)),
            features.anonymous(squeezed(example.text)),
        )
        hashes, first, number = np.unique(grams.hashes, return_index=True, return_counts=True)
        counts.append((hashes, number))
        field_of.update(zip(hashes.tolist(), grams.spans.field[first].tolist(), strict=True))
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
        at, known = model.known(hashes)
        rows, values, _ = model.values(np.repeat(at, number[known]))
        columns.append(rows)
        cells.append(values)
        pointer.append(pointer[-1] + len(rows))
    shape = (len(counts), len(model.vocabulary))
    return csr_matrix((np.concatenate(cells), np.concatenate(columns), np.array(pointer)), shape=shape)


def _fit(
    counts: Counts,
    field_of: dict[int, int],
    answers: NDArray[np.intp],
    denied: NDArray[np.bool_],
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
    coefficients, bias = _one_against_the_rest(_matrix(model, counts), answers, denied, weights, len(labels), firmness)
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


def _one_against_the_rest(
    matrix: csr_matrix,
    answers: NDArray[np.intp],
    denied: NDArray[np.bool_],
    weights: NDArray[np.floating],
    labels: int,
    firmness: float,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """A column of coefficients a label, and the bias of each. Of a text only known not to have a label that label alone learns."""
    columns, bias = [], []
    many = np.bincount(answers[~denied], minlength=labels)
    for label in range(labels):
        some = np.flatnonzero(~denied | (answers == label))
        has = (answers == label) & ~denied
        weigh = weights * np.where(has, many.sum() / (labels * many[label]), 1.0)
        machine = LinearSVC(C=firmness, random_state=0).fit(matrix[some], has[some], sample_weight=weigh[some])
        columns.append(machine.coef_[0])
        bias.append(machine.intercept_[0])
    return np.stack(columns, axis=1), np.array(bias)


def _threshold(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """The lowest confidence above which `ACCURACY_WANTED` holds, sending at most `MOST_TO_REVIEW` to a person."""
    order = np.argsort(-confidence)
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(accuracy >= ACCURACY_WANTED)
    last = max(int(good[-1]) if len(good) else 0, int(len(order) * (1 - MOST_TO_REVIEW)) - 1)
    return float(confidence[order[last]])


def pieces(example: Example) -> list[Example]:
    """The text as short as people write: its subject alone, its first and last sentence, a clause, a few words. What is
    said of them tells how sure to be of short texts; learnt from, they are told better. None that says too little to be
    judged by itself."""
    sentences = [part.strip() for part in _SENTENCE.split(example.text) if part.strip()]
    clauses = [part.strip() for part in _CLAUSE.split(example.text) if part.strip()]
    if not clauses:
        return []
    words = example.text.split()
    found = [sentences[0], sentences[-1], clauses[0], clauses[len(clauses) // 2], example.subject]
    if features.language(example.text) == "en":
        found += [" ".join(words[:_LATIN_WORDS]), " ".join(words[-_LATIN_WORDS:])]
    short = [part for part in dict.fromkeys(found) if part and part != example.text]
    if example.subject:  # it may be all that somebody writes
        short = [part for part in short if part != example.subject] + [example.subject]
    made = [replace(example, text=part) for part in short]
    return [
        one
        for one in made
        if not says_little("".join(features.anonymous(plain(said)) for said in (one.subject, one.text)))
    ]


def _judged(
    model: LinearModel, examples: Sequence[Example], counts: Counts, fold: int, measured: NDArray[np.bool_]
) -> Told:
    matrix = _matrix(model, counts)
    return Told(
        decision=matrix @ model.coefficients + model.bias,
        known=np.diff(matrix.indptr).astype(np.intp),
        truth=np.array([model.labels.index(example.label) for example in examples], dtype=np.intp),
        length=np.array([len(squeezed(f"{example.subject}{example.text}")) for example in examples], dtype=np.intp),
        fold=np.full(len(examples), fold),
        measured=measured,
    )


def train(
    examples: Sequence[Example],
    *,
    fields: tuple[Field, ...],
    firmness: float = 0.3,
    folds: int = 5,
    most_features: int | None = None,
    as_pieces: float = 0.0,
) -> tuple[LinearModel, Scores]:
    """The model of all examples, and the scores that models of the same making reach on texts they have not seen.

    `as_pieces`: what each of an example's `pieces` weighs beside it. Of nought they are not learnt from, only judged.

    How sure it may be and the threshold are found on other folds than those on which they are scored; the model gets those
    of all folds. Raises ValueError with fewer than two labels or fewer than `folds` examples of one.
    """
    labels = tuple(sorted({example.label for example in examples}))
    short = [(place, piece) for place, one in enumerate(examples) if not one.is_not for piece in pieces(one)]
    given = [*examples, *(piece for _place, piece in short)]
    origin = np.array([*range(len(examples)), *(place for place, _piece in short)])
    whole = np.arange(len(given)) == origin
    answers = np.array([labels.index(one.label) for one in given])
    denied = np.array([one.is_not for one in given], dtype=np.bool_)
    if len(labels) < 2 or np.bincount(answers[whole & ~denied], minlength=len(labels)).min() < folds:
        raise ValueError(f"training needs two labels or more, with at least {folds} examples each")
    weights = np.array([one.weight for one in given]) * np.where(whole, 1.0, as_pieces)
    measured = np.array([one.measured for one in given], dtype=np.bool_) & whole
    counts, field_of = _counted(given, fields)
    groups = _groups(examples)
    making = {"labels": labels, "fields": fields, "firmness": firmness, "most_features": most_features}

    def fitted(learnt: NDArray[np.bool_]) -> LinearModel:
        some = np.flatnonzero(learnt & (weights > 0))
        return _fit(
            [counts[i] for i in some],
            field_of,
            answers[some],
            denied[some],
            weights[some],
            groups[origin[some]],
            **making,
        )

    told = []
    kinds = (answers + len(labels) * denied)[whole]
    splits = StratifiedGroupKFold(folds, shuffle=True, random_state=0).split(kinds, kinds, groups)
    for fold, (known, unseen) in enumerate(splits):
        model = fitted(np.isin(origin, known))
        asked = np.flatnonzero(np.isin(origin, unseen) & ~denied)
        told.append(_judged(model, [given[i] for i in asked], [counts[i] for i in asked], fold, measured[asked]))
    every = Told.joined(told)
    model = fitted(np.ones(len(given), dtype=np.bool_))
    model.sureness, model.threshold = _settled(every)
    return model, _scored(labels, every, model.threshold)


def _settled(told: Told) -> tuple[Sureness, float]:
    """How sure to be, of all of it, and the threshold, of the whole texts."""
    sureness, whole = told.sureness(), told.some(told.measured)
    right = whole.decision.argmax(axis=1) == whole.truth
    return sureness, _threshold(whole.shares(sureness).max(axis=1), right)


def _scored(labels: tuple[str, ...], told: Told, threshold: float) -> Scores:
    confidence, sure = np.zeros(len(told.truth)), np.zeros(len(told.truth), dtype=np.bool_)
    for fold in np.unique(told.fold):
        sureness, least = _settled(told.some(told.fold != fold))
        here = told.fold == fold
        confidence[here] = told.some(here).shares(sureness).max(axis=1)
        sure[here] = confidence[here] >= least
    whole, guess = told.measured, told.decision.argmax(axis=1)
    scores = _scores(labels, told.truth[whole], guess[whole], sure[whole], threshold)
    return replace(scores, reliability=reliability.table(told.length, confidence, guess == told.truth, sure))


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
