"""Which rule sends a case where: the first that fits, by position (B3.1). Pure.

A rule's `match` is `{"nature": […], "channel": […], "category": […], "region": […], "customer_class": […], "keyword": […]}`. A
condition that is missing or empty holds for every case; of the values of one condition any may fit. A region stands
for everything within it; a keyword is looked for in subject and content, whatever its case.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

CONDITIONS = ("nature", "channel", "category", "region", "customer_class", "keyword")

Match = Mapping[str, Any]


class HasMatch(Protocol):
    @property
    def match(self) -> Any: ...


Rule = TypeVar("Rule", bound=HasMatch)


@dataclass(frozen=True)
class Case:
    """What rules look at, in codes."""

    nature: str = ""
    channel: str = ""
    category: str = ""
    region: str = ""
    customer_class: str = ""
    text: str = ""


def fits(match: Match, case: Case) -> dict[str, str] | None:
    """Which value of each condition fitted; None when one of them did not. Without conditions every case fits."""
    found: dict[str, str] = {}
    for name in CONDITIONS:
        wanted = match.get(name)
        if not wanted:
            continue
        value = next((value for value in wanted if HOLDS[name](case, str(value))), None)
        if value is None:
            return None
        found[name] = str(value)
    return found


def first(rules: Iterable[Rule], case: Case) -> tuple[Rule, dict[str, str]] | None:
    """The first of `rules` that fits, and by what."""
    for rule in rules:
        found = fits(rule.match, case)
        if found is not None:
            return rule, found
    return None


def within(code: str, region: str) -> bool:
    """`440305` lies within `440300` and `440000`: trailing pairs of zeros stand for everything below."""
    prefix = code
    while len(prefix) > 2 and prefix.endswith("00"):
        prefix = prefix[:-2]
    return bool(prefix) and region.startswith(prefix)


HOLDS: dict[str, Callable[[Case, str], bool]] = {
    "nature": lambda case, value: case.nature == value,
    "channel": lambda case, value: case.channel == value,
    "category": lambda case, value: case.category == value,
    "region": lambda case, value: within(value, case.region),
    "customer_class": lambda case, value: case.customer_class.casefold() == value.casefold(),
    "keyword": lambda case, value: value.casefold() in case.text.casefold(),
}
