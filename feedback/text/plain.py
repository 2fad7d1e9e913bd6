"""Text as it is compared with words of rules and read by the models: what people see, whatever it was written with. Pure.

Beyond `common.text.squeezed`: signs that nobody sees go, traditional characters become simplified, characters set apart (投 诉, 投*诉)
join, and letters of other scripts inside a Latin word become those they look like. So nobody escapes an alert by the way of writing,
and a letter from Hong Kong is understood.
"""

import functools
import re
from pathlib import Path

from common.text import squeezed

TRADITIONAL = Path(__file__).with_name("traditional.txt")
"""Two lines as long as each other: traditional characters that simplified Chinese has not, and what each becomes (decision 0093)."""
_HAN = "㐀-鿿豈-﫿"
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
"""What Unicode calls ignorable: joiners, soft hyphens, fillers, variation selectors, tags."""
_MARK = re.compile("[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]")
_STRUCK = re.compile(f"(?<=[{_HAN}])[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]+")
_ALONE = re.compile(f" [{_HAN}](?![{_HAN}])")
_SPACED = re.compile(f"(?<![{_HAN}])[{_HAN}](?: [{_HAN}](?![{_HAN}]))+")
_BETWEEN = re.compile("[*_|~^•]")
_SET_APART = re.compile(f"(?<=[{_HAN}])[*_|~^•](?=[{_HAN}])")
_ALIKE = dict(
    zip(
        "авекмнорстухіјѕԁɡһԛԝӏαβεηικμνορτυχ",
        "abekmhopctyxijsdghqwlabehikmvoptux",
        strict=True,
    )
)
"""Cyrillic and Greek letters, and the Latin ones for which their small or capital form is taken."""
_ALIKE_LETTER = re.compile("[" + "".join(_ALIKE) + "]")
_LETTERS = re.compile("[a-z" + "".join(_ALIKE) + "]+")
_LATIN = re.compile("[a-z]")


@functools.cache
def _simplified() -> tuple[re.Pattern[str], dict[int, str]]:
    written, meant = TRADITIONAL.read_text(encoding="utf-8").splitlines()
    return re.compile(f"[{written}]"), str.maketrans(written, meant)


def simplified(text: str) -> str:
    """Character for character, so that nothing moves; text without traditional characters stays the object that it is."""
    sign, meant = _simplified()
    return text.translate(meant) if sign.search(text) else text


def seen(text: str) -> str:
    """Without what nobody sees, in simplified characters; capitals stay."""
    return simplified(_UNSEEN.sub("", text))


def plain(text: str) -> str:
    """Folded, seen, in one piece. The length may change. What most texts have not is looked for before it is mended."""
    text = simplified(squeezed(_UNSEEN.sub("", text)))
    if _MARK.search(text):
        text = _STRUCK.sub("", text)
    if _ALONE.search(text):
        text = _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
    if _BETWEEN.search(text):
        text = _SET_APART.sub("", text)
    if _ALIKE_LETTER.search(text):
        text = _LETTERS.sub(lambda found: _as_latin(found[0]), text)
    return text


def _as_latin(word: str) -> str:
    return "".join(_ALIKE.get(letter, letter) for letter in word) if _LATIN.search(word) else word
