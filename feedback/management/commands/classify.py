"""Reads one JSON object a line, `{"id"?, "subject"?, "text"}`, and prints one verdict a line."""

import json
import sys

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from common.text import squeezed
from feedback import places
from feedback.classify import Models, Verdict, classify
from feedback.default_rules import RULES
from feedback.features import anonymous
from feedback.keyword_rules import RuleSet
from feedback.language_model import shipped


class Command(BaseCommand):
    help = "Classify texts from standard input, one JSON object a line."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--channel", default="web")
        parser.add_argument("--default-rules", action="store_true", help="ignore the rules edited in this company")
        parser.add_argument("--topics", action="store_true", help="give the field of city government as category")

    def handle(self, *, channel, default_rules, topics, **options):
        rules = RuleSet(RULES if default_rules else self._rules())
        models, regions = Models.shipped(), places.official()
        topic = shipped("topic_zh") if topics else None
        failed = False
        for number, line in enumerate(sys.stdin, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                subject, text = str(row.get("subject") or ""), str(row["text"] or "")
            except (ValueError, KeyError, AttributeError, TypeError) as wrong:
                failed = True
                self.stderr.write(f"line {number}: {wrong!r}")
                self.stdout.write(json.dumps({"id": None, "line": number, "error": "not a line to classify"}))
                continue
            verdict = classify(
                text,
                subject=subject,
                channel=str(row.get("channel") or channel),
                rules=rules,
                model=models,
                regions=regions,
            )
            printed = self.as_row(row.get("id", number), verdict)
            if topic and (subject or text):
                printed["category"] = topic.guess(anonymous(squeezed(f"{subject} {text}"))).label
            self.stdout.write(json.dumps(printed, ensure_ascii=False))
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

    def as_row(self, identity: object, verdict: Verdict) -> dict[str, object]:
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
