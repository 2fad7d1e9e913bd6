"""Reads one JSON object a line, `{"id"?, "subject"?, "text"}`, and prints one verdict a line, as they come."""

import json
import multiprocessing
import os
import sys
from collections.abc import Iterator
from functools import partial
from io import UnsupportedOperation
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from common.text import squeezed, storable
from feedback.classify import Models, Verdict, classify
from feedback.text import places
from feedback.text.default_rules import RULES
from feedback.text.features import anonymous
from feedback.text.keyword_rules import RuleSet
from feedback.text.language_model import shipped

MANY = 50
"""So many lines at once are shared among the processors."""
_AT_ONCE = 1 << 18

_rules = RuleSet(())
"""Set before the processes part, so that each has them without being sent them."""


class Command(BaseCommand):
    help = "Classify texts from standard input, one JSON object a line."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--channel", default="web")
        parser.add_argument("--default-rules", action="store_true", help="ignore the rules edited in this company")
        parser.add_argument("--topics", action="store_true", help="give the field of city government as category")
        parser.add_argument(
            "--processes", type=int, default=len(os.sched_getaffinity(0)), help="default: one a processor"
        )

    def handle(self, *, channel, default_rules, topics, processes, **options):
        global _rules
        _rules = RuleSet(RULES if default_rules else self._rules())
        judge = partial(judged, channel=channel, topics=topics)
        _warm = Models.shipped(), places.official(), topics and shipped("topic_zh")  # before the processes part
        failed, number, pool = False, 0, None
        try:
            for lines in portions(sys.stdin):
                numbered = [(number + place, line) for place, line in enumerate(lines, 1) if line.strip()]
                number += len(lines)
                if processes > 1 and len(numbered) >= MANY:
                    if pool is None:
                        connections.close_all()
                        pool = multiprocessing.get_context("fork").Pool(processes)
                    found = pool.map(judge, numbered, chunksize=-(-len(numbered) // processes))
                else:
                    found = list(map(judge, numbered))
                for printed, wrong in found:
                    self.stdout.write(printed)
                    if wrong:
                        failed = True
                        self.stderr.write(wrong)
                self.stdout.flush()
        finally:
            if pool is not None:
                pool.terminate()
        if failed:
            sys.exit(1)

    def _rules(self):
        """The company's active rules, or those of a new installation while there is no database to ask."""
        from feedback.models import KeywordRule

        try:
            rows = list(KeywordRule.objects.filter(is_active=True))
        except DatabaseError as wrong:
            self.stderr.write(f"The default keyword rules are used: {str(wrong).splitlines()[0]}")
            return RULES
        return rows or RULES


def portions(stream: Any) -> Iterator[list[str]]:
    """The lines of a stream, each time as many as are there: one that waits for its answer is not kept waiting."""
    try:
        descriptor = stream.fileno()
    except (UnsupportedOperation, AttributeError):
        yield list(stream)
        return
    rest = b""
    while data := os.read(descriptor, _AT_ONCE):
        *lines, rest = (rest + data).split(b"\n")
        if lines:
            yield [line.decode("utf-8", "replace") for line in lines]
    if rest:
        yield [rest.decode("utf-8", "replace")]


def judged(numbered: tuple[int, str], *, channel: str, topics: bool) -> tuple[str, str]:
    """The line to print for a line that came, and what was wrong with it, if anything."""
    number, line = numbered
    try:
        row = json.loads(line.removeprefix("\ufeff"))
        subject, text = str(row.get("subject") or ""), str(row["text"] or "")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as wrong:
        printed = {"id": None, "line": number, "error": "not a line to classify"}
        return json.dumps(printed), f"line {number}: {wrong!r}"
    verdict = classify(text, subject=subject, channel=str(row.get("channel") or channel), rules=_rules)
    shown = as_row(row.get("id", number), verdict)
    topic = shipped("topic_zh") if topics else None
    if topic and (subject or text):
        shown["category"] = topic.guess(anonymous(squeezed(f"{subject} {text}"))).label
    printed = json.dumps(shown, ensure_ascii=False)
    return (printed if storable(printed) else json.dumps(shown)), ""  # half a character cannot be written out


def as_row(identity: object, verdict: Verdict) -> dict[str, object]:
    return {
        "id": identity,
        "nature": verdict.nature,
        "nature_confidence": verdict.confidence["nature"],
        "category": verdict.category,
        "region": verdict.region,
        "tier": verdict.tier,
        "alerts": list(verdict.alerts),
        "needs_review": verdict.needs_review,
        "reasons": [reason.as_dict() for reason in verdict.reasons],
        "sentiment": verdict.sentiment,
        "review_causes": list(verdict.review_causes),
        "confidence": verdict.confidence,
    }
