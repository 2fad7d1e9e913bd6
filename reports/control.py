"""Control limits of a run of values: what chance alone would keep them within. Pure.

An individuals chart: the mean ± 2.66 times the mean moving range, which estimates three standard deviations from one
step to the next, so that a slow trend does not widen its own limits. Values that cannot be negative keep zero as floor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

FEWEST = 12
THREE_SIGMA = 2.66  # 3 / 1.128, for moving ranges of two


@dataclass(frozen=True)
class Limits:
    mean: float
    lower: float
    upper: float

    def holds(self, value: float) -> bool:
        return self.lower <= value <= self.upper


def limits(values: Sequence[float | None]) -> Limits | None:
    """None for fewer than `FEWEST` known values: limits of so few would say nothing."""
    known = [value for value in values if value is not None]
    if len(known) < FEWEST:
        return None
    mean = sum(known) / len(known)
    reach = THREE_SIGMA * sum(abs(b - a) for a, b in pairwise(known)) / (len(known) - 1)
    return Limits(mean, max(0.0, mean - reach), mean + reach)
