"""Conditions typed into the search box: `nature:complaint 空调`, `性质:投诉 部门:物流配送部`, `-status:closed`. Pure.

A word of the form `name:value` whose name is known becomes a condition; everything else stays what is searched for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

OPERATORS: dict[str, tuple[str, ...]] = {
    "nature": ("性质",),
    "status": ("状态", "is"),
    "tier": ("级别", "level"),
    "channel": ("渠道",),
    "category": ("类别", "分类"),
    "department": ("部门", "dept"),
    "owner": ("经办人",),
    "first_contact": ("首问",),
    "region": ("地区",),
    "time": ("时限",),
    "rating": ("评价",),
    "problem": ("问题",),
}
_NAMES = {alias: name for name, aliases in OPERATORS.items() for alias in (name, *aliases)}
_WORD = re.compile(r'(?<!\S)(-?)([^\W\d][\w]*)[:：]("[^"]*"|[^\s"]+)')


@dataclass(frozen=True)
class Asked:
    """`wanted` and `unwanted`: values by filter. `text`: what remains to be searched for."""

    text: str
    wanted: dict[str, list[str]] = field(default_factory=dict)
    unwanted: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)


def read(text: str, labels: Mapping[str, Mapping[str, str]] | None = None) -> Asked:
    """`labels` gives, by filter, the code that a shown name stands for: {"nature": {"投诉": "complaint"}}."""
    wanted: dict[str, list[str]] = {}
    unwanted: dict[str, list[str]] = {}

    def take(match: re.Match[str]) -> str:
        minus, name, value = match.groups()
        code = _NAMES.get(name.lower())
        if code is None:
            return match.group()
        known = (labels or {}).get(code, {})
        side = unwanted if minus else wanted
        for word in value.strip('"').replace("，", ",").split(","):
            if word.strip():
                side.setdefault(code, []).append(known.get(word.strip().lower(), word.strip()))
        return ""

    rest = " ".join(_WORD.sub(take, text).split())
    return Asked(rest, wanted, unwanted)
