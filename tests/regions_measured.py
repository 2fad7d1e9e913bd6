"""How often the place of a real letter is found: `python -m tests.regions_measured`.

The letters beside the project name places by pseudonyms (A市, A7县, 西地省) in the writers' own sentences. Here each letter gets
real names of one province, the same throughout the letter: of all provinces in turn, written out (长沙市, 宁乡市, 岳麓区) or as people
say (长沙, 宁乡, but 岳麓区). What the letter's title names is known, so the place found can be judged: it is that place or lies in it,
it only contains it, it is another one, or none is found. The letters as they are name no real place: what is found there is wrong.
"""

import json
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from accounts.region_codes import CITY, COUNTY, PROVINCE, RegionRow, rows
from feedback.text import places

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "zh"
STYLES = {"written out": False, "as people say": True}
_PSEUDONYM = re.compile(r"([A-Z])(\d{0,2})(市|区|县)|西地省")


@dataclass(frozen=True)
class Letter:
    id: str
    text: str
    title_names: str


def letters(folder: Path = DATA) -> Iterator[Letter]:
    """Those whose title names a place."""
    with (folder / "history_with_replies_dev.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if _PSEUDONYM.fullmatch(row.get("region") or ""):
                yield Letter(row["external_id"], f"{row['subject']}\n{row['content']}", row["region"])


def messages(folder: Path = DATA) -> Iterator[str]:
    with (folder / "hotissue_messages.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


class Country:
    """The provinces that have cities with districts and counties, and what lies in them."""

    def __init__(self) -> None:
        self.below: dict[str, list[RegionRow]] = {}
        self.provinces = []
        for row in rows():
            if row.parent_code:
                self.below.setdefault(row.parent_code, []).append(row)
        for row in rows():
            cities = [
                one
                for one in self.below.get(row.code, ())
                if one.level == CITY and one.name.endswith("市") and self.below.get(one.code)
            ]
            if row.level == PROVINCE and len(cities) >= 5:
                self.provinces.append((row, cities))

    def of(self, letter: Letter) -> "Names":
        seed = zlib.crc32(letter.id.encode())
        province, cities = self.provinces[seed % len(self.provinces)]
        return Names(self, province, cities, seed)


@dataclass
class Names:
    country: Country
    province: RegionRow
    cities: list[RegionRow]
    seed: int

    def row(self, pseudonym: str) -> RegionRow:
        """The real place of a pseudonym: a letter is a city, a number behind it a district or county there."""
        found = _PSEUDONYM.fullmatch(pseudonym)
        if found is None or not found[1]:
            return self.province
        city = self.cities[(self.seed + ord(found[1])) % len(self.cities)]
        if not found[2]:
            return city
        inside = [one for one in self.country.below[city.code] if one.level == COUNTY]
        alike = [one for one in inside if one.name.endswith(found[3])] or inside
        return alike[(self.seed + int(found[2])) % len(alike)]

    def write(self, text: str, *, short: bool) -> str:
        return _PSEUDONYM.sub(lambda found: spoken(self.row(found[0]), short), text)


def spoken(row: RegionRow, short: bool) -> str:
    return places.stem(row.name) if short and not row.name.endswith("区") else row.name


def judged(letter: Letter, country: Country, *, short: bool) -> str:
    names = country.of(letter)
    truth, found = names.row(letter.title_names), places.official().find(names.write(letter.text, short=short))
    if found is None:
        return "none"
    if truth.code in places.official().ancestors(found.code):
        return "right"
    return "wider" if found.code in places.official().ancestors(truth.code) else "other"


def measured(folder: Path = DATA) -> dict[str, Counter[str]]:
    """By style how many letters were judged how; and of the letters without a real place, in how many one was found."""
    country, given = Country(), list(letters(folder))
    told = {style: Counter(judged(one, country, short=short) for one in given) for style, short in STYLES.items()}
    unnamed = list(messages(folder))
    told["no place named"] = Counter("other" if places.official().find(text) else "none" for text in unnamed)
    return told


def main() -> None:
    print(f"{'':16}{'letters':>9}{'right':>9}{'wider':>9}{'other':>9}{'none':>9}")
    for style, counts in measured().items():
        total = counts.total()
        shares = "".join(f"{counts[verdict] / total:9.1%}" for verdict in ("right", "wider", "other", "none"))
        print(f"{style:16}{total:9}{shares}")


if __name__ == "__main__":
    sys.exit(main() if DATA.is_dir() else f"The letters are not on this machine: {DATA}")
