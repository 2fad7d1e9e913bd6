"""Text as numbers: folded text, its character n-grams and words as 32-bit hashes.

The hashes are the only form in which n-grams are kept, so that a weights file holds no readable text. The functions
are pure and depend on numpy alone; training and run time share them, which is what keeps the two equal.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]

LONGEST = 4_000
"""Characters of a text that are read: what a person has not said by then does not change its class."""

_LINK = re.compile(r"(?:https?://|www\.)[!-~]+")
_HANDLE = re.compile(r"@\w+", re.ASCII)
_PLACE_CODE = re.compile(r"[a-z]\d{0,2}(?=[市区县州镇省])")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[a-z][a-z']*|\d+|[?!]")
_HAN = re.compile(r"[㐀-鿿豈-﫿]+")
_LATIN = re.compile(r"[a-zA-Z]+")
_ELSEWHERE = re.compile(
    r"[\u0370-\u06ff\u0900-\u0dff\u0e00-\u0eff\u10a0-\u11ff\u1780-\u17ff\u3040-\u30ff\uac00-\ud7af]+"
)
"""Letters of other scripts: Greek to Arabic, the Indian ones, Thai, Georgian, Khmer, kana, hangul."""
_ACCENT = re.compile(r"[à-öø-ÿā-ſơưạ-ỹ]")
_LATIN_WORD = re.compile(r"[a-zà-öø-ÿā-ſơưạ-ỹ']+")
_SMALL_ENGLISH = """
the and you my of it for not have with this are can your from please what how why when i'm i've don't but they would has been will we
get any if there after at that its it's didn't doesn't can't isn't just all which who where could should does did had be is was i to
a in on me so do no or as by an am up out our
"""
_ENGLISH = frozenset(_SMALL_ENGLISH.split())
"""Small words of which hardly an English sentence has none."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT_IN = np.uint64(31)
_SHIFT_OUT = np.uint64(32)


def anonymous(folded: str) -> str:
    """Folded text without what only names: links, handles, digits and coded place names become one sign each."""
    folded = _LINK.sub("~", folded[:LONGEST])
    folded = _HANDLE.sub("@", folded)
    folded = _PLACE_CODE.sub("", folded)
    return _DIGIT.sub("0", folded)


def _many(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))


def language(text: str) -> str:
    """`zh`, `en` or `other`, by the letters: a Chinese character says as much as three Latin ones.

    `other` is a text mostly in another script, or one of five Latin words or more of which hardly one is a small word of
    English, or fewer of which one has a letter that English has not.
    """
    sample = _HANDLE.sub(" ", _LINK.sub(" ", text[:LONGEST]))
    han, latin, elsewhere = _many(_HAN, sample), _many(_LATIN, sample), _many(_ELSEWHERE, sample)
    if elsewhere > 3 and 3 * elsewhere > han + latin / 3:
        return "other"
    if latin <= 3 * han:
        return "zh"
    said = _LATIN_WORD.findall(sample.lower())
    english = sum(word in _ENGLISH for word in said)
    if len(said) >= 5 and english < len(said) / 10:
        return "other"
    return "other" if _ACCENT.search(sample.lower()) and english < len(said) / 6 else "en"


def _finish(state: NDArray[np.uint64]) -> Hashes:
    state = (state ^ (state >> _SHIFT_IN)) * _MIXER
    return (state >> _SHIFT_OUT).astype(np.uint32)


@dataclass(frozen=True)
class CharGrams:
    """Character n-grams, the short ones first, each length in the order of the texts."""

    hashes: Hashes
    cell: NDArray[np.intp]  # row: length less one, column: where it starts in all texts one after the other
    place: NDArray[np.intp]  # of each column, which text it is in
    start: NDArray[np.int32]  # of each column, where it stands in that text

    def spans(self) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.int16]]:
        """Of each n-gram which text it is of, where it starts there, how long it is."""
        row, column = np.divmod(self.cell, len(self.place))
        return self.place[column], self.start[column], (row + 1).astype(np.int16)


def gram_hashes(texts: Sequence[str], longest: Sequence[int], salts: Sequence[int]) -> CharGrams:
    """Hashes of the character n-grams of the texts, all in one go: for short texts the number of steps costs more than their
    length.

    `salts` tell the texts apart: the same characters in the subject and in the body are different features. `longest`
    is the greatest n of each text. None of the texts may be empty.
    """
    lengths = [len(text) for text in texts]
    many, rows = sum(lengths), min(max(longest), max(lengths))
    points = np.zeros(many + rows - 1, dtype=np.uint64)
    points[:many] = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    sizes = np.array(lengths, dtype=np.int32)
    place = np.repeat(np.arange(len(texts)), sizes)
    start = np.arange(many, dtype=np.int32) - (sizes.cumsum(dtype=np.int32) - sizes)[place]
    states = np.empty((rows, many), dtype=np.uint64)
    state = np.array(salts, dtype=np.uint64)[place]
    for row in range(rows):
        state = np.bitwise_xor(state, points[row : row + many], out=states[row])
        state *= _MULTIPLIER
        state ^= state >> _SHIFT_IN
    room = np.minimum(sizes[place] - start, np.array(longest)[place])  # to the end of the text, as far as is asked
    cell = np.flatnonzero(room > np.arange(rows)[:, None])
    return CharGrams(_finish(states.ravel()[cell]), cell, place, start)


def words(text: str) -> list[tuple[str, int]]:
    """Latin words, numbers and ? ! of folded text, each with its position."""
    return [(found.group(), found.start()) for found in _WORD.finditer(text)]


def word_hashes(found: Sequence[tuple[str, int]], *, salt: int) -> list[Hashes]:
    """Hashes of the words and of the pairs of neighbours: two arrays, the second one shorter by one."""
    if not found:
        return []
    ones = np.empty(len(found), dtype=np.uint64)
    for at, (word, _) in enumerate(found):
        state = salt
        for letter in word:
            state = (state ^ ord(letter)) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
        ones[at] = state
    pairs = (ones[:-1] * _MULTIPLIER) ^ ones[1:]
    return [_finish(ones * _MULTIPLIER), _finish(pairs * _MULTIPLIER)]
