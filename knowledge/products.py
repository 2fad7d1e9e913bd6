"""Model numbers of products in texts: that two texts speak of one model does not make them one trouble. Pure.

Of texts that share a model number the number, the maker before it and the kind of product behind it are left out before they are
compared (澄川K9智能锁 in "澄川K9智能锁打不开"), so that what is said about the product decides. Of a text in which nothing else stands
the rest is empty, and an empty text is like no other.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

MODEL = re.compile(
    r"(?<![a-z0-9])(?=[a-z0-9/\-]*[a-z])(?=[a-z0-9/\-]*\d)([a-z0-9]{2,}(?:-[a-z0-9]+)*)(?:/[a-z0-9]+)*(?![a-z0-9]|[市县区])"
    r"(?:\s*(?:pro|plus|max|mini|ultra|se)(?![a-z]))?",
    re.IGNORECASE,
)
"""Letters and digits in one word: KFR-35GW, K9, X5 Pro. A7县 is a place."""
_KIND = re.compile(r"\s*([㐀-鿿]{0,3}?(?:机|器|箱|锁|灯|煲|锅|炉|车|表|柜|扇|空调|电视|电脑|手环))")
_MAKER = re.compile(r"(?<![㐀-鿿])[㐀-鿿]{2,3}$")


@dataclass(frozen=True)
class Told:
    """A title and a body without the models that other texts name too, and these models."""

    title: str
    body: str
    models: frozenset[str]


def without_models(texts: Sequence[tuple[str, str]]) -> list[Told]:
    named = [[(hit[1].lower(), part, hit) for part in text for hit in MODEL.finditer(part)] for text in texts]
    holders = Counter(model for one in named for model in {model for model, _part, _hit in one})
    return [
        _without(text, [hit for hit in hits if holders[hit[0]] > 1]) for text, hits in zip(texts, named, strict=True)
    ]


def _without(text: tuple[str, str], hits: list[tuple[str, str, re.Match[str]]]) -> Told:
    if not hits:
        return Told(*text, frozenset())
    words = set()
    for _model, part, hit in hits:
        words.add(hit[0])
        if kind := _KIND.match(part, hit.end()):
            words.add(kind[1])
        if maker := _MAKER.search(part[: hit.start()]):
            words.add(maker[0])
    left_out = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    title, body = (left_out.sub(" ", part) for part in text)
    return Told(title, body, frozenset(model for model, _part, _hit in hits))
