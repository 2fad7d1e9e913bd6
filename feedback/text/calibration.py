"""How sure a model may say that it is: what says 0.9 is right nine times in ten, of long texts and of short ones.

A share follows from the lead of the best label. The same lead tells less in a text of which little is known: the fewer
words, the more one of them weighs by chance. Pure; numpy alone.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

_SCALES = np.geomspace(0.1, 6, 13)
_PARTS = np.geomspace(0.3, 100, 11)
_ENOUGH = np.geomspace(30, 3_000, 8)
_FINER = (1.25, 1.1, 1.04, 1.015)
_TIMES = np.geomspace(0.2, 5, 81)


@dataclass(frozen=True)
class Sureness:
    """A lead is multiplied by `scale` times the logarithm of 1 + how many different n-grams are known of the text / `part`; by
    `scale` alone where `part` is nought. From `enough` of them on more make no surer: what a long letter says of other things
    adds nothing."""

    scale: float = 1.0
    part: float = 0.0
    enough: float = math.inf

    def of_one(self, known: int) -> float:
        """The factor for a text of which so many different n-grams are known."""
        return self.scale * (math.log1p(min(known, self.enough) / self.part) if self.part else 1.0)

    def of(self, known: NDArray[np.integer]) -> NDArray[np.floating]:
        """The same for many texts."""
        many = np.minimum(np.asarray(known, dtype=np.float64), self.enough)
        return self.scale * (np.log1p(many / self.part) if self.part else np.ones_like(many))


AS_IT_IS = Sureness()


def shares_of_one(scores: Sequence[float], factor: float) -> list[float]:
    """Probabilities of the labels of one text."""
    best = max(scores)
    powers = [math.exp(factor * (score - best)) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]


def shares(decision: NDArray[np.floating], factor: NDArray[np.floating] | float) -> NDArray[np.floating]:
    """The same for many texts, a row and a factor each, or one factor for all."""
    powers = np.exp(np.asarray(factor)[..., None] * (decision - decision.max(axis=-1, keepdims=True)))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def rescaled(
    before: Sureness, decision: NDArray[np.floating], known: NDArray[np.integer], truth: NDArray[np.integer]
) -> Sureness:
    """`before` with the scale of the least loss on a few dozen texts or more that the model had not seen. How sureness grows with
    what is known stays: that takes thousands of texts.

    No text counts as wholly certain (Platt's smoothing), so that forty right answers do not make it boundlessly sure.
    """
    count, labels = decision.shape
    target = np.full(decision.shape, 1 / (count + labels))
    target[np.arange(count), truth] = (count + 1) / (count + labels)
    factor = before.of(known)

    def loss(times: float) -> float:
        return -float((target * np.log(np.maximum(shares(decision, times * factor), 1e-12))).sum())

    return replace(before, scale=before.scale * float(min(_TIMES, key=loss)))


def fit(decision: NDArray[np.floating], known: NDArray[np.integer], truth: NDArray[np.integer]) -> Sureness:
    """The one with the least logarithmic loss on texts that the model had not seen. Some seconds for ten thousand."""
    lead = decision - decision[np.arange(len(truth)), truth][:, None]

    def loss(numbers: tuple[float, ...]) -> float:
        factor = Sureness(*numbers).of(known)[:, None]
        return float(np.log(np.exp(factor * lead).sum(axis=1)).sum())

    best = min(itertools.product(_SCALES, _PARTS, _ENOUGH), key=loss)
    for step in _FINER:
        near = itertools.product(*((one / step, one, one * step) for one in best))
        best = min(near, key=loss)
    return Sureness(*map(float, best))
