"""Places as English letters name them: Hangzhou, Inner Mongolia, "Xihu District, Hangzhou". Pure.

Provinces and cities count by their bare names, unless a district has the same (Chaoyang), and cities that are counties by rank when
the name is long enough to be no other word; districts and counties as they are written out. A short name needs its capital letter.
"""

import re
from collections.abc import Iterable

from accounts.region_codes import CITY, COUNTY, RegionRow, english_names

LONG_ENOUGH, LONG_ENOUGH_WITHOUT_CAPITAL = 6, 7
_KINDS = re.compile(r" (?:[A-Z][a-z]+ (?:and [A-Z][a-z]+ )?Autonomous Prefecture|Prefecture|League)$")
_OTHER_WORDS = frozenset({"aba", "ili"})
_USUAL = {"suzhou": "320500", "fuzhou": "350100", "xi'an": "610100", "xian": "610100", "macau": "820000"}
"""Which of several is meant when nothing else is said; Xi'an is mostly written without its apostrophe."""
_WORD = re.compile(r"[A-Za-z]+(?:['’\-][A-Za-z]+)*")
_MOST_WORDS = 6


def names(rows: Iterable[RegionRow]) -> dict[str, list[str]]:
    """Lower-case name → codes."""
    english, found = english_names(), dict[str, list[str]]()
    rows = list(rows)
    districts = {english.get(row.code, "").removesuffix(" District").lower() for row in rows if row.name.endswith("区")}
    for row in rows:
        told = english.get(row.code, "").lower()
        bare = _KINDS.sub("", english.get(row.code, "")).lower()
        if row.level == COUNTY and " " not in told and len(told) < LONG_ENOUGH:
            continue
        for name in dict.fromkeys((told, bare) if row.level <= CITY else (told,)):
            if name and name not in _OTHER_WORDS and not (row.level == CITY and name in districts - _USUAL.keys()):
                found.setdefault(name, []).append(row.code)
    for name, code in _USUAL.items():
        if code in english:
            found[name] = [code, *(other for other in found.get(name, ()) if other != code)]
    return found


def usual(name: str) -> str:
    return _USUAL.get(name, "")


def mentions(text: str, known: dict[str, list[str]], beginnings: frozenset[str]) -> list[tuple[int, str]]:
    """Where a known name stands, the longest at each place. `beginnings`: the first words of the names, since most words are none."""
    words = list(_WORD.finditer(text))
    found, free = [], 0
    for at, word in enumerate(words):
        if at < free or _plain(word.group()) not in beginnings:
            continue
        for end in range(min(at + _MOST_WORDS, len(words)), at, -1):
            written = text[word.start() : words[end - 1].end()]
            if _plain(written) in known and (written[0].isupper() or len(written) >= LONG_ENOUGH_WITHOUT_CAPITAL):
                found.append((word.start(), _plain(written)))
                free = end
                break
    return found


def _plain(written: str) -> str:
    return written.lower().replace("’", "'")
