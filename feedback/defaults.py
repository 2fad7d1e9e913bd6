"""What a new installation starts with."""

from datetime import datetime

from feedback.models import KeywordRule
from feedback.text.default_rules import RULES


def create_defaults(at: datetime) -> None:
    """The default keyword rules; safe to run again: rows that are there, edited or not, stay as they are."""
    rows = [
        KeywordRule(
            code=rule.code,
            name=rule.name,
            name_en=rule.name_en,
            words=list(rule.words),
            match_all=rule.match_all,
            effect=rule.effect,
            value=rule.value,
            channels=list(rule.channels),
            position=rule.position,
        )
        for rule in RULES
    ]
    KeywordRule.objects.bulk_create(rows, ignore_conflicts=True)
