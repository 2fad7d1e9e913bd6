"""Products in texts: that two texts speak of one model, or of one kind of product, does not make them one trouble. Pure.

Of texts that share a model number the number, the maker before it and the kind of product behind it are left out before they are
compared (澄川K9智能锁 in "澄川K9智能锁打不开"); of texts that share a kind alone the kind and the maker before it (美的洗衣机 in
"美的洗衣机漏水"). What is said about the product decides. Of a text in which nothing else stands the rest is empty, and an empty
text is like no other.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

MODEL = re.compile(
    r"(?<![a-z0-9])(?=[a-z0-9/\-]{0,40}[a-z])(?=[a-z0-9/\-]{0,40}\d)([a-z0-9]{2,}(?:-[a-z0-9]+)*)(?:/[a-z0-9]+)*(?![a-z0-9]|[市县区])"
    r"(?:\s*(?:pro|plus|max|mini|ultra|se)(?![a-z]))?",
    re.IGNORECASE,
)
"""Letters and digits in one word: KFR-35GW, K9, X5 Pro. A7县 is a place. Not looked further than forty characters ahead, so that
1-1-1-1-… takes no longer than its length."""
_KIND = re.compile(r"\s*([㐀-鿿]{0,3}?(?:机|器|箱|锁|灯|煲|锅|炉|车|表|柜|扇|空调|电视|电脑|手环))")
_MAKER = re.compile(r"(?<![㐀-鿿])[㐀-鿿]{2,3}$")
HOUSEHOLD = re.compile(
    "洗衣机|烘干机|干衣机|冰箱|冰柜|空调|热水器|壁挂炉|洗碗机|油烟机|抽烟机|燃气灶|集成灶|微波炉|电烤箱|烤箱|电饭煲|电压力锅|电磁炉|豆浆机|"
    "破壁机|料理机|咖啡机|饮水机|净水器|净水机|净化器|加湿器|除湿机|扫地机器人|扫地机|吸尘器|电视机|电风扇|取暖器|电暖器|吹风机|剃须刀|电动牙刷|"
    "智能锁|门锁|投影仪|打印机|显示器|笔记本电脑|平板电脑|充电宝|充电器|遥控器|路由器|摄像头|按摩椅|电动车|手机|耳机|手环"
)
"""Kinds of goods that many customers have, by the last word of their names; no street or building is called so."""


@dataclass(frozen=True)
class Told:
    """A title and a body without the models and the kinds that other texts name too, and these."""

    title: str
    body: str
    models: frozenset[str]
    kinds: frozenset[str]


def without_products(texts: Sequence[tuple[str, str]]) -> list[Told]:
    """Each text of title and body as it is compared with the others."""
    numbered = [[(hit[1].lower(), part, hit) for part in text for hit in MODEL.finditer(part)] for text in texts]
    holders = Counter(model for one in numbered for model in {model for model, _part, _hit in one})
    told = [
        _without(text, [hit for hit in hits if holders[hit[0]] > 1]) for text, hits in zip(texts, numbered, strict=True)
    ]
    kinds = [frozenset(HOUSEHOLD.findall(f"{one.title}\n{one.body}")) for one in told]
    many = Counter(kind for one in kinds for kind in one)
    shared = [frozenset(kind for kind in some if many[kind] > 1) for some in kinds]
    return [_without_kinds(one, some) for one, some in zip(told, shared, strict=True)]


def _without(text: tuple[str, str], hits: list[tuple[str, str, re.Match[str]]]) -> Told:
    if not hits:
        return Told(*text, frozenset(), frozenset())
    words = set()
    for _model, part, hit in hits:
        words.add(hit[0])
        if kind := _KIND.match(part, hit.end()):
            words.add(kind[1])
        if maker := _MAKER.search(part[: hit.start()]):
            words.add(maker[0])
    return _left(Told(*text, frozenset(model for model, _part, _hit in hits), frozenset()), words)


def _without_kinds(told: Told, kinds: frozenset[str]) -> Told:
    if not kinds:
        return told
    words = set(kinds)
    for part in (told.title, told.body):
        for hit in HOUSEHOLD.finditer(part):
            if hit[0] in kinds and (maker := _MAKER.search(part[: hit.start()])):
                words.add(maker[0])
    return _left(replace(told, kinds=kinds), words)


def _left(told: Told, words: set[str]) -> Told:
    """Without these words, the longest first."""
    out = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    return replace(told, title=out.sub(" ", told.title), body=out.sub(" ", told.body))
