"""How places are found in sentences that no list of words was made from: `python -m tests.places_apart`.

Recall: every official division below the provinces stands in a sentence of a customer, as people name places. Precision: sentences
in which the names of divisions stand as other words, written for this; whatever is found there is wrong. What was found in
`corpus/no_places.txt` has been mended (decision 0093); `corpus/no_places_again.txt` was written afterwards, and nothing was made from it.
Nothing outside the project is needed.
"""

import sys
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from accounts.region_codes import RegionRow, rows
from feedback.text import places

CORPUS = Path(__file__).resolve().parent / "corpus"
MENDED, AGAIN = CORPUS / "no_places.txt", CORPUS / "no_places_again.txt"
SENTENCES = (
    "我在{}买的洗衣机用了半年就漏水，请尽快派人来修。",
    "{}这边的营业厅一直没人接电话，能不能管一管？",
    "快递到了{}就再也没有更新，已经五天了。",
    "家住{}，想问一下安装师傅什么时候上门。",
    "上个月在{}的门店办的会员，积分到现在没到账。",
    "建议你们在{}多设几个取货点。",
    "地址写的是{}，司机却说送不到。",
    "老人在{}，不会用手机，保修怎么登记？",
)


def stem_of(row: RegionRow) -> str:
    return places.stem(row.name)


def behind_its_parent(row: RegionRow) -> str:
    return f"{stem_of(BY_CODE[row.parent_code or ''])}{row.name}"


BY_CODE = {row.code: row for row in rows()}
WAYS: dict[str, Callable[[RegionRow], str]] = {
    "with all above it": lambda row: row.full_name,
    "behind the one above it": behind_its_parent,
    "its name alone": lambda row: row.name,
    "its stem alone": stem_of,
}


def judged(row: RegionRow, words: str) -> str:
    """`right`, `wider` (only what it lies in), `other` (somewhere else) or `none`."""
    sentence = SENTENCES[zlib.crc32(row.code.encode()) % len(SENTENCES)].format(words)
    found = places.official().find(sentence)
    if found is None:
        return "none"
    if found.code == row.code:
        return "right"
    return "wider" if found.code in places.official().ancestors(row.code) else "other"


def recall() -> dict[str, Counter[str]]:
    """By way of naming; names of one character as stems, and those that several divisions bear, count like all others."""
    below = [row for row in BY_CODE.values() if row.parent_code]
    return {way: Counter(judged(row, name(row)) for row in below) for way, name in WAYS.items()}


def sentences(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def wrong(file: Path) -> list[tuple[str, str]]:
    """The sentences about no place in which one is found, with the words that were taken for it."""
    return [(line, found.words) for line in sentences(file) if (found := places.official().find(line))]


def main() -> None:
    print(f"{'':26}{'divisions':>10}{'right':>9}{'wider':>9}{'other':>9}{'none':>9}")
    for way, counts in recall().items():
        shares = "".join(f"{counts[verdict] / counts.total():9.1%}" for verdict in ("right", "wider", "other", "none"))
        print(f"{way:26}{counts.total():10}{shares}")
    for file in (MENDED, AGAIN):
        total, found = len(sentences(file)), wrong(file)
        print(
            f"{file.name}: a place found in {len(found)} of {total} sentences that name none ({len(found) / total:.1%})"
        )
        for line, words in found:
            print(f"    {words}: {line}")


if __name__ == "__main__":
    sys.exit(main())
