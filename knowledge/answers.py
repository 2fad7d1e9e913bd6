"""Which public answer fits a question: by the pairs of characters, or the words, that both hold.

A pair that stands in few articles says more than one that stands in all of them, so each is weighed by its rarity.
Some hundred articles are kept in memory and read again when a row changes; one query a question.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from common.remembered import remembered
from common.text import fold
from knowledge.models import Article

CONFIDENT = 0.5
"""From this share of the question's weight on, an answer is shown."""
WORTH_A_LOOK = 0.3
"""The same for colleagues, who see at a glance whether it fits, and write more around a question than customers do."""
MOST = 3
READ = 600
"""Characters of what somebody types that are looked at: its first sentences."""
SENTENCES = 4
_SENTENCE = re.compile(r"[。！？!?；;\n]|\.\s")
_CLAUSE = re.compile(r"[。！？!?；;，,、\n]|\.\s")

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_FILLER = {
    "the", "a", "an", "is", "are", "do", "does", "did", "i", "my", "you", "your", "to", "of", "for", "it", "in", "on", "can",
    "how", "what", "when", "where", "which", "please", "me", "we", "our", "hello", "hi", "and",
}  # fmt: skip
_FILLER_CJK = re.compile(
    "请问|你好|您好|在哪里|在哪儿|哪里|哪儿|怎么样|怎么办|怎么|如何|什么|能不能|有没有|是不是|为什么|多久|多少|是否|可以|一下|我想|我要|你们|我们|吗|呢|的|了|啊|是"
)


@dataclass(frozen=True)
class Found:
    article: Article
    confidence: float


def grams(text: str) -> set[str]:
    """Words of Latin letters, and pairs of Chinese characters; a single one where it stands alone."""
    found: set[str] = set()
    for word in _WORD.findall(_FILLER_CJK.sub(" ", fold(text))):
        if word[0] < "\u3400":
            if word not in _FILLER:
                found.add(word[:6])
        else:
            found |= {word[at : at + 2] for at in range(len(word) - 1)} or {word}
    return found


def find(text: str, *, inside: bool = False) -> list[Found]:
    """The public articles that fit, best first, at most three, each with at least `CONFIDENT`; `inside` the house those
    for colleagues only too, from `WORTH_A_LOOK` on.
    """
    if inside:
        articles, kept, rarity = remembered("all answers", (Article,), all_now)
    else:
        articles, kept, rarity = remembered("public answers", (Article,), public_now)
    asked = grams(text)
    whole = sum(rarity(one) for one in asked)
    if not whole:
        return []
    found = [
        Found(article, sum(rarity(one) for one in asked & kept[article.pk]) / whole) for article in articles
    ]  # fmt: skip
    good = [one for one in found if one.confidence >= (WORTH_A_LOOK if inside else CONFIDENT)]
    return sorted(good, key=lambda one: (-one.confidence, one.article.pk))[:MOST]


def find_while_typing(typed: str, *, inside: bool = False) -> list[Found]:
    """The same for what somebody is writing: each of its first sentences asks by itself. A query a sentence."""
    best: dict[int, Found] = {}
    parts = (_CLAUSE if inside else _SENTENCE).split(typed[:READ])
    for sentence in [part for part in parts if len(part.strip()) > 3][:SENTENCES]:
        for found in find(sentence, inside=inside):
            known = best.get(found.article.pk)
            if known is None or known.confidence < found.confidence:
                best[found.article.pk] = found
    return sorted(best.values(), key=lambda one: -one.confidence)[:MOST]


def public_now() -> tuple[list[Article], dict[int, set[str]], Any]:
    return weighed(list(Article.objects.filter(is_public=True)))


def all_now() -> tuple[list[Article], dict[int, set[str]], Any]:
    return weighed(list(Article.objects.filter(is_offered=True)))


def weighed(articles: list[Article]) -> tuple[list[Article], dict[int, set[str]], Any]:
    kept = {row.pk: grams(f"{row.question} {row.words} {row.question_en}") for row in articles}
    return articles, kept, rarity_of(kept.values())


def rarity_of(documents: Iterable[set[str]]) -> Any:
    counted: Counter[str] = Counter()
    total = 0
    for document in documents:
        counted.update(document)
        total += 1

    def rarity(gram: str) -> float:
        """What no article holds weighs as much as what one holds: a question about something else finds nothing."""
        return math.log(1 + (total + 1) / max(1, counted[gram]))

    return rarity
