"""How far the confidence of models can be trusted: what they said of texts that they had not seen, and whether it was so.

Development only. `table` is what the page of the classifier shows.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.text import calibration
from feedback.text.calibration import Sureness

LENGTHS = (6, 12, 25, 60, 200)
"""Characters of the longest text of each band of the reliability table; what is longer makes the last one."""
TOLD_SURELY = 0.9


@dataclass(frozen=True)
class Told:
    """What models said of texts that they had not seen, a row a text."""

    decision: NDArray[np.floating]
    known: NDArray[np.intp]  # different n-grams that the model knows
    truth: NDArray[np.intp]
    length: NDArray[np.intp]  # characters
    fold: NDArray[np.intp]
    measured: NDArray[np.bool_]  # a whole text that scores count; else a piece of one, or of another kind of text

    def some(self, chosen: NDArray[np.bool_]) -> "Told":
        return Told(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    @classmethod
    def joined(cls, parts: Sequence["Told"]) -> "Told":
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__))

    def sureness(self) -> Sureness:
        return calibration.fit(self.decision, self.known, self.truth)

    def shares(self, sureness: Sureness) -> NDArray[np.floating]:
        return calibration.shares(self.decision, sureness.of(self.known))


def table(
    length: NDArray[np.intp], confidence: NDArray[np.floating], right: NDArray[np.bool_], sure: NDArray[np.bool_]
) -> list[dict[str, float]]:
    """A row a band of lengths: `texts`; what it `said` on the average and how many were `right`; `surely`, how many it was at
    least `TOLD_SURELY` sure of, and how many of these were right; the share that is left `to_review`."""
    rows = []
    for least, most in itertools.pairwise((0, *LENGTHS, None)):
        here = (length > least) & (length <= most if most else True)
        surely = here & (confidence >= TOLD_SURELY)
        if here.any():
            rows.append(
                {
                    "longest": most or 0,
                    "texts": int(here.sum()),
                    "said": round(float(confidence[here].mean()), 4),
                    "right": round(float(right[here].mean()), 4),
                    "surely": int(surely.sum()),
                    "surely_right": round(float(right[surely].mean()), 4) if surely.any() else 0.0,
                    "to_review": round(float(1 - sure[here].mean()), 4),
                }
            )
    return rows
