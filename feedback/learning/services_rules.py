"""What a keyword rule would do, told before it is saved: tried on a text and on the latest tickets (C3.1)."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.db.models.functions import Left

from accounts.models import User
from feedback.classify import as_rules_read
from feedback.models import KeywordRule
from feedback.text import features
from feedback.text.keyword_rules import Rule, RuleLike, RuleSet, denied
from feedback.text.plain import plain
from tickets.models import Ticket

LATEST = 1000
SHOWN = 8


@dataclass(frozen=True)
class Sample:
    """A ticket that the rule finds, as the reader may see it; `words` are those that made it fire."""

    number: str
    subject: str
    words: tuple[str, ...]
    gained: bool  # the rule as it is stored does not find it


@dataclass(frozen=True)
class Effect:
    """Counts over the latest `looked` tickets. `before` is what the rule finds as it is stored."""

    looked: int
    matched: int
    before: int
    gained: int
    lost: int
    samples: list[Sample] = field(default_factory=list)


def effect(rule: Rule, stored: RuleLike | None, *, reader: User) -> Effect:
    """What the rule finds among the latest `LATEST` tickets. Two queries; about 0.1 s.

    Counts are of all tickets, samples only of those that the reader may see: an administrator sees counts alone.
    """
    latest = Ticket.objects.order_by("-received_at", "-pk")[:LATEST]
    read = Left("content", 2 * features.LONGEST)  # as much as the classifier looks at
    rows = list(latest.values_list("pk", "number", "channel", "subject", read))
    now = RuleSet([replace(rule, is_active=True)])
    then = RuleSet([stored] if stored else [])
    matched: dict[int, tuple[str, str, tuple[str, ...], bool]] = {}
    before = lost = 0
    for pk, number, channel, subject, content in rows:
        text = as_rules_read(content, subject)
        hits, former = now.hits_in(text, channel=channel), bool(then.hits_in(text, channel=channel))
        before += former
        lost += former and not hits
        if hits:
            matched[pk] = (number or "", subject, hits[0].words, not former)
    gained = [pk for pk, row in matched.items() if row[3]]
    wanted = (gained or list(matched))[:200]
    seen = set(Ticket.objects.visible_to(reader).filter(pk__in=wanted).values_list("pk", flat=True))
    samples = [Sample(*matched[pk]) for pk in wanted if pk in seen][:SHOWN]
    return Effect(len(rows), len(matched), before, len(gained), lost, samples)


@dataclass(frozen=True)
class Found:
    """A word of the rule in a text that was tried; `why` says why it does not count: denied, exception, or empty."""

    word: str
    around: str
    why: str


def tried(rule: Rule, text: str) -> tuple[bool, list[Found]]:
    """Whether the rule fires on the text, and every place where one of its words stands."""
    folded = plain(text)
    alone = replace(rule, is_active=True, channels=())
    fires = bool(RuleSet([alone]).hits(folded))
    return fires, list(_places(alone, folded))


def _places(rule: Rule, text: str) -> Iterator[Found]:
    """A word that stands in several places is told with each, at most `SHOWN` times."""
    exceptions = [plain(word).lstrip("-").rstrip("*").strip() for word in rule.words if word.startswith("-")]
    covered = [(at.start(), at.end()) for word in exceptions if word for at in re.finditer(re.escape(word), text)]
    for word in rule.words:
        if word.startswith("-"):
            continue
        sought = plain(word).rstrip("*")
        alone = RuleSet([replace(rule, words=(word,), match_all=False)])
        for found in itertools.islice(re.finditer(re.escape(sought), text), SHOWN):
            at, end = found.span()
            why = ""
            if any(first <= at and end <= last for first, last in covered):
                why = "exception"
            elif denied(text, at):
                why = "denied"
            elif not alone.hits_in(text[max(0, at - 1) : end + 1]):  # a letter beside it is enough to tell
                why = "inside"
            yield Found(word, text[max(0, at - 8) : end + 8], why)


def record(rule: KeywordRule, *, by: User, change: str, new: bool = False, gone: bool = False) -> None:
    """Who changed which rule is on record, beside what the administration records."""
    flag = ADDITION if new else DELETION if gone else CHANGE
    LogEntry.objects.log_actions(by.pk, [rule], flag, change_message=change, single_object=True)
