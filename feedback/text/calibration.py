"""How sure a model may say that it is: what says 0.9 is right nine times in ten, of long texts and of short ones.

A share follows from the lead of the best label. The same lead tells less in a text of which little is known: the fewer
words, the more one of them weighs by chance. Pure; numpy alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SCALES = np.geomspace(0.1, 6, 41)
_PARTS = np.geomspace(0.5, 100, 31)
_TIMES = np.geomspace(0.2, 5, 81)
_FINER = np.geomspace(0.9, 1.11, 5)


@dataclass(frozen=True)
class Sureness:
    """A lead is multiplied by `scale` times the logarithm of 1 + how many different n-grams are known of the text / `part`; by
    `scale` alone where `part` is nought."""

    scale: float = 1.0
    part: float = 0.0

    def of(self, known: int | NDArray[np.integer]) -> NDArray[np.floating]:
        """The factor for texts of which so many different n-grams are known."""
        many = np.asarray(known, dtype=np.float64)
        return self.scale * (np.log1p(many / self.part) if self.part else np.ones_like(many))


AS_IT_IS = Sureness()


def shares(decision: NDArray[np.floating], factor: NDArray[np.floating] | float) -> NDArray[np.floating]:
    """Probabilities of the labels, for one row of scores or a row a text with a factor each."""
    factors = np.asarray(factor)[..., None]
    powers = np.exp(factors * (decision - decision.max(axis=-1, keepdims=True)))
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

    return Sureness(before.scale * float(min(_TIMES, key=loss)), before.part)


def fit(decision: NDArray[np.floating], known: NDArray[np.integer], truth: NDArray[np.integer]) -> Sureness:
    """The one with the least logarithmic loss on texts that the model had not seen. Some seconds for ten thousand."""
    lead = decision - decision[np.arange(len(truth)), truth][:, None]

    def loss(scale: float, part: float) -> float:
        factor = Sureness(scale, part).of(known)[:, None]
        return float(np.log(np.exp(factor * lead).sum(axis=1)).sum())

    _least, scale, part = min((loss(scale, part), scale, part) for scale in _SCALES for part in _PARTS)
    near = [(scale * one, part * other) for one in _FINER for other in _FINER]
    scale, part = min(near, key=lambda one: loss(*one))
    return Sureness(float(scale), float(part))
