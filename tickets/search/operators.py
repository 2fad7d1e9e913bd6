"""What is typed into the search box: `nature:complaint 空调`, `性质:投诉`, `-status:closed`, `空调 -安装`, `"not working"`. Pure.

A word of the form `name:value` whose name is known becomes a condition; a word behind a minus sign must not stand there; words in
quotes must stand there as they are; everything else is searched for word by word. `mended` corrects a slip of the pen.
"""

import difflib
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
_WORD = re.compile(r'(?<!\S)([-－−]?)([^\W\d][\w]*)[:：]("[^"]*"|“[^”]*”|[^\s"“]+)')
_LEFT_OUT = re.compile(r'(?<!\S)[-－−]("[^"]+"|“[^”]+”|\w\S*)')
_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”')
_QUOTES = '"“”'
_ALIKE = 0.7
"""From this likeness on (difflib's, from 0 to 1) a name that is not known is taken for a slip."""


@dataclass(frozen=True)
class Asked:
    """`wanted` and `unwanted`: values by filter. `text`: what remains to be searched for, `phrases` those of its parts that must
    stand as they are, `without` what must not stand there."""

    text: str
    wanted: dict[str, list[str]] = field(default_factory=dict)
    unwanted: dict[str, list[str]] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted or self.without)


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
        for word in value.strip(_QUOTES).replace("，", ",").split(","):
            if word.strip():
                side.setdefault(code, []).append(known.get(word.strip().lower(), word.strip()))
        return ""

    rest = _WORD.sub(take, text)
    without = tuple(found.strip(_QUOTES) for found in _LEFT_OUT.findall(rest))
    rest = " ".join(_LEFT_OUT.sub("", rest).split())
    phrases = tuple((one or other).strip() for one, other in _QUOTED.findall(rest))
    return Asked(rest, wanted, unwanted, phrases, without)


def mended(text: str, choices: Mapping[str, Mapping[str, str]]) -> str:
    """The text with names and values in the place of those that they were meant for; the text itself when nothing is wrong.

    `choices` gives, by filter, what may be said there and its code, as `labels` does, codes included.
    """

    def mend(match: re.Match[str]) -> str:
        minus, name, value = match.groups()
        code = _NAMES.get(name.lower())
        if code is None:
            near = difflib.get_close_matches(name.lower(), _NAMES, 1, _ALIKE)
            if not near:
                return match.group()
            name, code = near[0], _NAMES[near[0]]
        known = choices.get(code, {})
        words = [_mended_value(word.strip(), known) for word in value.strip(_QUOTES).replace("，", ",").split(",")]
        quote = '"' if any(" " in word for word in words) else ""
        return f"{minus}{name}:{quote}{','.join(words)}{quote}"

    def untouched(match: re.Match[str]) -> str:
        new = mend(match)
        return match.group() if new.replace("：", ":") == match.group().replace("：", ":") else new

    return _WORD.sub(untouched, text)


def _mended_value(word: str, known: Mapping[str, str]) -> str:
    if not known or word.lower() in known:
        return word
    return next(iter(difflib.get_close_matches(word.lower(), known, 1, _ALIKE - 0.1)), word)
