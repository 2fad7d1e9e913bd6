"""The classifier, asked with this company's own rules and rows; and what the sender's own word changes (A3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import Department, Region
from common.remembered import remembered
from feedback.classify import Models, Verdict, classify
from feedback.content import Content
from feedback.learning.services_training import models_now
from feedback.models import KeywordRule, ModelVersion
from feedback.text import places
from feedback.text.keyword_rules import RuleSet
from tickets.channels import Channel
from tickets.dispatch.judged import Taken
from tickets.models import Category
from tickets.workflow import DEFAULT_TIER, Nature, Tier

REVIEWS = {Channel.REVIEW, Channel.SOCIAL}


@dataclass(frozen=True)
class Judgement:
    """What is stored with the ticket. `verdict` is the classifier's own, whatever the sender stated."""

    nature: str
    category: Category | None
    region: Region | None
    region_text: str
    tier: str
    needs_review: bool
    is_bad_review: bool
    verdict: Verdict

    @property
    def alerts(self) -> tuple[str, ...]:
        return self.verdict.alerts


def judge(content: Content, *, channel: str, customer: Mapping[str, Any] | None) -> Judgement:
    """Two queries. The sender's own nature, category and region win over the classifier's.

    A change of the rules or the categories counts from the next message on, in every process.
    """
    rules, categories, models = remembered("judging", (KeywordRule, Category, Department, ModelVersion), settings_now)
    few = None if content.stars is None or channel not in REVIEWS else content.stars <= content.bad_stars
    verdict = classify(
        content.text,
        subject=content.subject,
        channel=channel,
        customer=customer,
        pleased=few is False,
        stated=bool(content.nature),
        rules=rules,
        model=models,
    )
    bad = channel in REVIEWS and (verdict.sentiment == "negative" if few is None else few)
    nature = content.nature or (Nature.COMPLAINT if bad else verdict.nature)
    region, region_text = region_of(content.region, named_in(content.region, content.place) or verdict.region or "")
    stated = {"nature_unsure", "language"} if content.nature or bad else set()
    return Judgement(
        nature=nature,
        category=categories.get(content.category or verdict.category or ""),
        region=region,
        region_text=region_text,
        tier=tier_of(nature, verdict),
        needs_review=bool(set(verdict.review_causes) - stated),
        is_bad_review=bad,
        verdict=verdict,
    )


def taken_for(text: str, channel: str) -> Taken:
    """For who tries out where a text would go: as `judge` would store it."""
    found = judge(Content(text=text), channel=channel, customer=None)
    return Taken(
        found.nature, found.category.code if found.category else "", found.region.pk if found.region else ""
    )  # fmt: skip


def tier_of(nature: str, verdict: Verdict) -> str:
    """C3.3: a danger stays L1 under whatever name it is sent."""
    if verdict.tier == Tier.L1 or nature == verdict.nature:
        return verdict.tier
    return DEFAULT_TIER[Nature(nature)]


def settings_now() -> tuple[RuleSet, dict[str, Category], Models]:
    """The active rules, compiled; the active categories with their departments by code; and the models in use."""
    categories = Category.objects.filter(is_active=True).select_related("department")
    rules = RuleSet(KeywordRule.objects.filter(is_active=True))
    return rules, {row.code: row for row in categories}, models_now()


def named_in(*said: str) -> str:
    """The code of the region that the first of these words names: where it happened stands nearer than the story."""
    return next((place.code for words in said if words and (place := places.official().find(words))), "")


def region_of(stated: str, found: str) -> tuple[Region | None, str]:
    """The region that the sender named, else the one found; words that name none are kept as they are."""
    joined = "".join(stated.split())
    if not joined and not found:
        return None, ""
    rows = list(Region.objects.filter(Q(pk__in=[joined[:6], found]) | Q(full_name=joined) | Q(name=joined))[:50])
    named = [row for row in rows if joined and joined in {row.pk, row.full_name}]
    if not named and len(alike := [row for row in rows if row.name == joined]) == 1:
        named = alike
    if named:
        return named[0], ""
    return next((row for row in rows if row.pk == found), None), stated.strip()[:100]


def as_json(verdict: Verdict) -> dict[str, Any]:
    """As `dataclasses.asdict`, which copies every value deeply and takes twenty times as long."""
    return vars(verdict) | {"reasons": [vars(reason) for reason in verdict.reasons]}
