"""The arithmetic and the words of charts: steps of an axis, shades, positions, a sentence that describes a picture."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from common.wording import number

Value = float | int | None


def ticks(low: float, high: float, wanted: int = 4, *, whole: bool = False) -> list[float]:
    """Round steps that enclose low and high: 1, 2, 2.5 or 5 times a power of ten; whole numbers for what is counted."""
    if high - low < 1e-9 * max(1, abs(low)):
        high = low + max(abs(low), 1)
    rough = max((high - low) / wanted, 1 if whole else 0)
    power = 10 ** math.floor(math.log10(rough))
    steps = (m * power for m in (1, 2, 2.5, 5, 10) if not whole or float(m * power).is_integer())
    step = next(step for step in steps if step >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * i, 10) for i in range(first, last + 1)]


def heat_steps(values: Sequence[Value]) -> Callable[[Value], int]:
    """Shade 0 (nothing) to 5 (the highest fifth of the reach from zero)."""
    top = max((v for v in values if v), default=0)
    return lambda value: 0 if not value or not top else min(5, max(1, math.ceil(5 * value / top)))


def describe(labels: Sequence[str], series: Mapping[str, Sequence[Value]], say: Callable[[Value], str]) -> str:
    """A sentence for those who do not see the picture: first, last, lowest and highest of each series."""
    told = []
    for name, row in series.items():
        known = [(value, label) for value, label in zip(row, labels, strict=False) if value is not None]
        if known:
            told.append(
                _(
                    "%(name)s: %(first)s at first, %(last)s at last, "
                    "lowest %(low)s (%(low_at)s), highest %(high)s (%(high_at)s)."
                )
                % {
                    "name": name,
                    "first": say(known[0][0]),
                    "last": say(known[-1][0]),
                    "low": say(min(known)[0]),
                    "low_at": min(known)[1],
                    "high": say(max(known)[0]),
                    "high_at": max(known)[1],
                }
            )
    return " ".join(told) or _("No figures")


def sayer(places: int, unit: str):
    def say(value: Value, bare: bool = False) -> str:
        text = number(value, places)
        return text if bare or value is None or not unit else f"{text}{'' if unit == '%' else ' '}{unit}"

    return say


def reach_of(values: Sequence[float], from_zero: bool) -> tuple[float, float]:
    if not values:
        return 0, 1
    return (min(0, *values) if from_zero else min(values)), max(values)


def places_of(steps: Sequence[float]) -> int:
    step = min(b - a for a, b in pairwise(steps))
    return 0 if step >= 1 and float(step).is_integer() else 1 if step >= 0.1 else 2


def across(count: int, left: float, right: float) -> list[float]:
    return [round(left + (right - left) * i / max(1, count - 1), 1) for i in range(count)]


def width_of(text: str) -> int:
    """About how many pixels a text of 12 takes: a Chinese character 12, a Latin one 7."""
    return sum(12 if ord(c) > 0x2E7F else 7 for c in text)


def cut(text: str, width: float) -> str:
    while width_of(text) > width and len(text) > 2:
        text = text[:-2] + "…"
    return text
