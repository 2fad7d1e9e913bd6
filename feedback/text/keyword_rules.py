"""Keyword rules: which words of a text raise an alert, set a tier or a category, or ask for a person (C3.1, C3.2).

A rule is any object with the attributes of `Rule`; rows of the table `KeywordRule` are. Its words are compared with plain text
(`plain`: full-width to half-width, lower case, simplified characters); Latin words by word boundary, with a plural or past
ending allowed when the word ends in `*`. A word that is denied ("不紧急", "not urgent") does not count. A word that begins with
`-` is an exception: with "-紧急联系人" the 紧急 inside 紧急联系人 does not count.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from feedback.text.plain import plain


class RuleLike(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def words(self) -> Sequence[str]: ...
    @property
    def effect(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def channels(self) -> Sequence[str]: ...
    @property
    def match_all(self) -> bool: ...


@dataclass(frozen=True)
class Rule:
    code: str
    words: tuple[str, ...]
    effect: str
    value: str = ""
    channels: tuple[str, ...] = ()
    match_all: bool = False
    name: str = ""
    name_en: str = ""
    position: int = 100
    is_active: bool = True


@dataclass(frozen=True)
class Hit:
    """One rule that fired, with the words of the text that made it, in the order they occur."""

    code: str
    effect: str
    value: str
    words: tuple[str, ...]


_CLAUSE_END = re.compile(r"[,。,.;;!?!?\n:、…]")
_DENIED_ZH = re.compile(
    r"(?:不|没|無|无|未|非|别|勿|毫无|并非|从来没|算不上|谈不上)"
    r"(?:有|是|算|太|很|怎么|那么|这么|特别|十分|非常|属于|存在|出现|发生|发现|任何|什么|一点|再|会|要|想|用|必|需|打算|准备|进行|是来|去|过|的|涉及|构成|"
    r"造成|导致|引起|为|能)*$"
)
_NOT_DENIED_ZH = re.compile(
    r"(?:不得不|不能不|不会不|不可不|不是不|无不|要不|是不是|会不会|有没有|能不能|莫非|差别|特别|分别|个别|非常)$"
)
_ASKED_BACK = re.compile(r"难道|凭什么|为什么|为啥")
"""Who asks so why something is not so means that it is: 难道不能投诉吗."""
_DENIED_EN = re.compile(
    r"\b(?:not|no|nobody|none|never|without|nothing|neither|nor|hardly|\w+n't|isnt|dont|cannot)\s+"
    r"(?:(?:a|an|any|at|all|the|that|this|so|very|too|really|such|to|be|been|is|are|was|were|one|got|hurt|or|need|treat|as|"
    r"particularly|want|wants|wish|here|it|file|make|making|filing|have|had|having)\s+)*$"
)


_MAY_DENY = re.compile(r"[不没無无未非别勿nh]")
"""One of these stands in whatever denies: most words have none before them."""


def denied(text: str, at: int) -> bool:
    """True when what stands before `at`, in the same clause of folded text, denies the word that begins there."""
    before = text[max(0, at - 40) : at]
    if not _MAY_DENY.search(before):
        return False
    breaks = [found.end() for found in _CLAUSE_END.finditer(before)]
    clause = before[breaks[-1] :] if breaks else before
    zh = _DENIED_ZH.search(clause)
    if zh and _ASKED_BACK.search(clause[: zh.start()]):
        return False
    if zh and not _NOT_DENIED_ZH.search(clause[: zh.end()]) and not _NOT_DENIED_ZH.search(clause[: zh.start() + 1]):
        return not clause.endswith(("不得不", "不能不"))
    return bool(_DENIED_EN.search(clause))


@dataclass(frozen=True)
class _Word:
    rule: int
    text: str
    exact_start: bool
    exact_end: bool
    exception: bool


def beginning_of(prefixes: Iterable[str]) -> re.Pattern[str]:
    """Finds, at the speed of `re`, the positions where a word with one of these first two characters may stand."""
    prefixes = set(prefixes)
    if not prefixes:
        return re.compile(r"(?!)")
    first = "".join(sorted({re.escape(prefix[0]) for prefix in prefixes}))
    if any(len(prefix) == 1 for prefix in prefixes):
        return re.compile(f"[{first}]")
    second = "".join(sorted({re.escape(prefix[1]) for prefix in prefixes}))
    return re.compile(f"[{first}](?=[{second}])")


class RuleSet:
    """Compiled rules. Building takes a millisecond for a hundred rules; one text is read once for all of them."""

    def __init__(self, rules: Iterable[RuleLike]) -> None:
        self.rules = [rule for rule in rules if getattr(rule, "is_active", True)]
        self._words: dict[str, list[_Word]] = defaultdict(list)
        self._required = []
        for number, rule in enumerate(self.rules):
            required = set()
            for written in rule.words:
                word = plain(written)
                exception = word.startswith("-")
                word = word.lstrip("-").strip()
                open_end = word.endswith("*")
                word = word.rstrip("*")
                if not word:
                    continue
                latin_end = word[-1].isascii() and word[-1].isalnum() and not open_end
                latin_start = word[0].isascii() and word[0].isalnum()
                self._words[word[:2]].append(_Word(number, word, latin_start, latin_end, exception))
                if not exception:
                    required.add(word)
            self._required.append(required)
        self._of_one = frozenset(beginning for beginning in self._words if len(beginning) == 1)
        self._beginning = beginning_of(self._words)

    def hits(self, text: str, *, channel: str = "") -> list[Hit]:
        """The rules that fire on this text, in their own order. Takes raw or folded text."""
        return self.hits_in(plain(text), channel=channel)

    def hits_in(self, text: str, *, channel: str = "") -> list[Hit]:
        """The same of folded text."""
        found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        guarded: dict[int, list[tuple[int, int]]] = defaultdict(list)
        words_of = self._words.get
        for beginning in self._beginning.finditer(text):
            at = beginning.start()
            candidates = words_of(text[at : at + 2], ())
            if text[at] in self._of_one:
                candidates = [*candidates, *self._words[text[at]]]
            for word in candidates:
                if text.startswith(word.text, at) and _bounded(text, at, word):
                    if word.exception:
                        guarded[word.rule].append((at, at + len(word.text)))
                    else:
                        found[word.rule][word.text].append(at)
        hits = []
        for number in sorted(found):
            rule = self.rules[number]
            if rule.channels and channel not in rule.channels:
                continue
            words = {
                word: place
                for word, places in found[number].items()
                if (place := _first_meant(text, word, places, guarded[number])) is not None
            }
            if words and (not rule.match_all or words.keys() == self._required[number]):
                ordered = tuple(sorted(words, key=lambda word: words[word]))
                hits.append(Hit(rule.code, rule.effect, rule.value, ordered))
        return hits


def _bounded(text: str, at: int, word: _Word) -> bool:
    end = at + len(word.text)
    if word.exact_start and at and text[at - 1].isascii() and text[at - 1].isalnum():
        return False
    return not (word.exact_end and end < len(text) and text[end].isascii() and text[end].isalnum())


def _first_meant(text: str, word: str, places: list[int], guarded: list[tuple[int, int]]) -> int | None:
    for at in places:
        covered = any(start <= at and at + len(word) <= end for start, end in guarded)
        if not covered and not denied(text, at):
            return at
    return None


@functools.lru_cache(maxsize=32)
def _compiled(rules: tuple[Rule, ...]) -> RuleSet:
    return RuleSet(rules)


def compiled(rules: Iterable[RuleLike]) -> RuleSet:
    """The compiled form; asked again with equal rules it is the same object. Database rows may be edited any time,
    so they are compared by content."""
    if isinstance(rules, RuleSet):
        return rules
    frozen = tuple(
        Rule(rule.code, tuple(rule.words), rule.effect, rule.value, tuple(rule.channels), rule.match_all)
        for rule in rules
        if getattr(rule, "is_active", True)
    )
    return _compiled(frozen)
