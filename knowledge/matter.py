"""What a text is about, apart from the names in it: background knowledge of how Chinese feedback is worded.

The weights file holds hashes of pairs of characters, how common each pair is in feedback at large, and its place in a
space of meanings: pairs that occur in the same letters lie close together (油烟, 烧烤, 夜宵). A pair that is rare at
large belongs to a name: of a place, a firm, a product. Pure; numpy alone. `likeness_training` writes the file.
"""

import functools
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).resolve().parent / "weights" / "matter.npz"
RARE = 0.0025
"""A pair of characters in a smaller share of the letters is taken for a part of a name."""
_NO_NAME = re.compile(r"[a-z0-9]{2}|[市县区].|.[a-z]|[a-z].")


def pairs(text: str) -> list[str]:
    """Every two neighbouring characters inside the runs of a text."""
    return [run[at : at + 2] for run in text.split() for at in range(len(run) - 1)]


def hashed(texts: list[str]) -> NDArray[np.uint32]:
    """A number a pair, from which the pair cannot be read."""
    points = np.array([(ord(one[0]), ord(one[1])) for one in texts], dtype=np.uint64).reshape(-1, 2)
    mixed = points[:, 0] * np.uint64(0x9E3779B97F4A7C15) ^ points[:, 1] * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(29)
    return ((mixed * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(32)).astype(np.uint32)


@dataclass(frozen=True)
class Known:
    """One pair of characters: its row, or -1; in which share of the letters it stands; whether it names something."""

    row: int
    share: float
    is_name: bool


@dataclass(frozen=True)
class Background:
    """`vocabulary` is sorted; `share` is in how many of the letters a pair stands, from 0 to 1."""

    vocabulary: NDArray[np.uint32]
    share: NDArray[np.float32]
    meaning: NDArray[np.int8]  # a row a pair, to be multiplied by its
    scale: NDArray[np.float32]

    def known(self, some: Collection[str]) -> dict[str, Known]:
        if not some:
            return {}
        listed = list(some)
        hashes = hashed(listed)
        at = np.minimum(np.searchsorted(self.vocabulary, hashes), len(self.vocabulary) - 1)
        rows = np.where(self.vocabulary[at] == hashes, at, -1)
        shares = np.where(rows >= 0, self.share[at], 0.0)
        return {
            one: Known(row, share, share < RARE and not _NO_NAME.fullmatch(one))
            for one, row, share in zip(listed, rows.tolist(), shares.tolist(), strict=True)
        }

    def meaning_of(self, text: str, known: dict[str, Known]) -> NDArray[np.float32]:
        """Where a cleaned text lies, as a vector of length one; all zero when it holds nothing but names."""
        counted = {
            found.row: number
            for one, number in Counter(pairs(text)).items()
            if (found := known[one]).row >= 0 and found.share >= RARE
        }
        rows = np.fromiter(counted.keys(), dtype=np.intp, count=len(counted))
        often = 1 + np.log(np.fromiter(counted.values(), dtype=np.float32, count=len(counted)))
        total = (often * self.scale[rows, 0]) @ self.meaning[rows].astype(np.float32)
        length = float(np.sqrt((total * total).sum()))
        return total / length if length else total


@functools.cache
def shipped() -> Background:
    with np.load(WEIGHTS) as file:
        return Background(file["vocabulary"], file["share"], file["meaning"], file["scale"])
