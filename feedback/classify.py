"""What a piece of feedback is: nature, category, region, tier, mood, alerts; whether a person must look (A3.1, C3.1).

Pure: keyword rules, regions and models are arguments, with those shipped as defaults. Order of trust for the nature:
a keyword rule of the company, the word people themselves begin with ("投诉…"), the model. Every choice tells its
reasons in words of the text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from feedback.text import features, places
from feedback.text.default_rules import OWN_WORDS, RULES
from feedback.text.keyword_rules import Hit, RuleLike, compiled
from feedback.text.language_model import Cut, Guess, LinearModel, shipped
from feedback.text.little import says_little
from feedback.text.plain import plain, seen

NATURES = ("suggestion", "complaint", "inquiry")
CATEGORIES = ("product", "service", "delivery", "after_sales", "process", "environment", "other")
TIERS = ("L1", "L2", "L3")

OWN_WORD_CONFIDENCE = 0.97
RULE_CONFIDENCE = 0.99
CATEGORY_CONFIDENCE = 0.5
"""Below it the category model, trained without labels of people, is not followed."""
REVIEW_CHANNELS = ("review", "social")


@dataclass(frozen=True)
class Reason:
    """`field` was decided by `source` (stated, rule, own_word, model, text, phone, customer) because of `words`."""

    field: str
    source: str
    words: tuple[str, ...]
    detail: str = ""  # code of the rule, name of the place

    def as_dict(self) -> dict[str, Any]:
        return vars(self) | {"words": list(self.words)}


@dataclass(frozen=True)
class Verdict:
    nature: str
    category: str
    region: str | None  # six digits
    tier: str
    sentiment: str  # negative, neutral, positive
    alerts: tuple[str, ...]
    needs_review: bool
    confidence: dict[str, float] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    review_causes: tuple[str, ...] = ()  # abuse, fraud, spam, too_short, language, nature_unsure
    spam: bool = False


@dataclass(frozen=True)
class Models:
    """One model a question; None where it was not trained, and then the answer is a default with confidence 0."""

    letter: LinearModel | None = None  # nature, Chinese, with a subject
    body: LinearModel | None = None  # nature, Chinese, text alone
    latin: LinearModel | None = None  # nature, English
    category: LinearModel | None = None
    mood: LinearModel | None = None

    @classmethod
    def shipped(cls) -> "Models":
        names = ("nature_zh", "nature_zh_body", "nature_en", "category_zh", "mood_zh")
        return cls(*(shipped(name) for name in names))


@dataclass(frozen=True)
class _Reading:
    """A text prepared once for every question."""

    folded: str
    subject: str
    text: str
    language: str
    cut: Cut = field(default_factory=Cut)


def _plain(text: str, subject: str) -> tuple[str, str]:
    return plain(subject[: features.LONGEST]), plain(text[: 2 * features.LONGEST])


def _read(text: str, subject: str) -> _Reading:
    plain_subject, plain_text = _plain(text, subject)
    whole = _whole(plain_subject, plain_text)
    return _Reading(whole, features.anonymous(plain_subject), features.anonymous(plain_text), features.language(whole))


def _whole(plain_subject: str, plain_text: str) -> str:
    return (f"{plain_subject}。{plain_text}" if plain_subject else plain_text)[: features.LONGEST]


def as_rules_read(text: str, subject: str) -> str:
    """The words in which keyword rules are looked for: for who asks what a rule would find."""
    plain_subject, plain_text = _plain(text, subject)
    return _whole(plain_subject, plain_text)


def classify(
    text: str,
    *,
    subject: str = "",
    channel: str = "web",
    customer: Mapping[str, Any] | None = None,
    pleased: bool = False,
    stated: bool = False,
    rules: Iterable[RuleLike] = RULES,
    model: Models | None = None,
    regions: places.Places | None = None,
) -> Verdict:
    """Takes raw text. `customer` may give `region` (a code) and `phone`. Costs about half a millisecond when warm.

    `pleased`: the stars of a review say so; then only words that are surely angry make it a complaint. `stated`: whoever sent
    it or took it down says what it is; the nature is guessed all the same, but no words are looked for that would tell why.

    `rules` may be rows of `KeywordRule`, `Rule`s or a compiled `RuleSet`; compile once for a batch.
    """
    models = model or Models.shipped()
    reading = _read(text, subject)
    hits = compiled(rules).hits_in(reading.folded, channel=channel)
    nature, nature_confidence, nature_sure, nature_reason = _nature(reading, hits, models, explain=not stated)
    category, category_confidence, category_reasons = _category(reading, hits, models)
    mood, mood_confidence = _mood(reading, nature, channel, models, unsure=pleased and not nature_sure)
    told = nature_reason is not None and nature_reason.source != "model"
    if channel in REVIEW_CHANNELS and not told:
        if mood == "negative" and nature != "complaint" and not nature_sure:
            nature, nature_confidence, nature_sure = "complaint", mood_confidence, True
            nature_reason = Reason("nature", "model", (), "bad_review")
        elif nature == "complaint" and (mood == "positive" or (pleased and mood == "neutral")):
            # The model of the natures knows no praise, and takes nine good reviews of ten for complaints.
            nature, nature_confidence, nature_sure = "suggestion", mood_confidence, True
            nature_reason = Reason("nature", "model", (), "good_review")
        elif nature == "complaint" and mood == "neutral":
            nature_sure = False
    region, region_reason = _region(
        seen(f"{subject} {text}"[: places.LONGEST]), customer or {}, regions or places.official()
    )
    alerts = tuple(dict.fromkeys(hit.value or hit.code for hit in hits if hit.effect == "alert"))
    tier, tier_reasons = _tier(nature, alerts, hits)
    spam = any(hit.effect == "spam" for hit in hits)
    causes = [hit.value or hit.code for hit in hits if hit.effect == "review"] + ["spam"] * spam
    if says_little(reading.subject + reading.text):
        causes.append("too_short")
    elif reading.language == "other" and not nature_sure:
        causes.append("language")
    elif not nature_sure:
        causes.append("nature_unsure")
    if stated:
        nature_reason = Reason("nature", "stated", ())
    worded = [
        Reason(hit.effect, "rule", hit.words, hit.code) for hit in hits if hit.effect in ("alert", "review", "spam")
    ]
    return Verdict(
        nature=nature,
        category=category,
        region=region.code if region else None,
        tier=tier,
        sentiment=mood,
        alerts=alerts,
        needs_review=bool(causes),
        confidence={
            "nature": round(nature_confidence, 4),
            "category": round(category_confidence, 4),
            "region": 0.0 if region is None else 0.95 if region.sure else 0.7,
            "tier": 0.9 if tier_reasons else round(nature_confidence, 4),
            "sentiment": round(mood_confidence, 4),
        },
        reasons=tuple(r for r in (nature_reason, *category_reasons, *tier_reasons, region_reason, *worded) if r),
        review_causes=tuple(dict.fromkeys(causes)),
        spam=spam,
    )


def _nature(
    reading: _Reading, hits: list[Hit], models: Models, *, explain: bool
) -> tuple[str, float, bool, Reason | None]:
    for hit in hits:
        if hit.effect == "nature" and hit.value in NATURES:
            return hit.value, RULE_CONFIDENCE, True, Reason("nature", "rule", hit.words, hit.code)
    for part in (reading.subject, reading.text):
        opening = part.lstrip("#*[【(\"'“ ")
        for nature, words in OWN_WORDS.items():
            for word in words:
                if opening.startswith(word):
                    return nature, OWN_WORD_CONFIDENCE, True, Reason("nature", "own_word", (word,))
    guess = _guess(reading, models, explain=explain)
    if guess is None:
        return "inquiry", 0.0, False, None
    return guess.label, guess.confidence, guess.sure, Reason("nature", "model", guess.words)


def _guess(reading: _Reading, models: Models, *, explain: bool) -> Guess | None:
    if reading.language == "other":
        return None
    if reading.language == "en":
        model, text, subject = models.latin, f"{reading.subject} {reading.text}".strip(), ""
    elif reading.subject and reading.text:
        model, text, subject = models.letter, reading.text, reading.subject
    else:
        model, text, subject = models.body, reading.text or reading.subject, ""
    if model is None or not text:
        return None
    return model.guess(text, subject=subject, explain=explain, cut=reading.cut)


def _category(reading: _Reading, hits: list[Hit], models: Models) -> tuple[str, float, list[Reason]]:
    """The category most words speak for; the model breaks ties and answers where no word does."""
    words: dict[str, list[str]] = {}
    codes: dict[str, str] = {}
    for hit in hits:
        if hit.effect == "category":
            words.setdefault(hit.value, []).extend(hit.words)
            codes.setdefault(hit.value, hit.code)
    shares: dict[str, float] = {}
    model = models.category if reading.language == "zh" else None
    most = sorted((len(found) for found in words.values()), reverse=True)
    undecided = not words or (len(most) > 1 and most[0] == most[1])
    if model and undecided and (reading.text or reading.subject):
        guess = model.guess(f"{reading.subject} {reading.text}".strip(), explain=not words, cut=reading.cut)
        shares = guess.shares
        if not words:
            if guess.confidence < CATEGORY_CONFIDENCE:
                return "other", 1 - guess.confidence, []
            return guess.label, guess.confidence, [Reason("category", "model", guess.words)]
    if not words:
        return "other", 0.3, []
    points = {code: len(found) + shares.get(code, 0.0) for code, found in words.items()}
    best = max(points, key=lambda code: points[code])
    confidence = min(0.95, 0.35 + 0.6 * points[best] / sum(points.values()))
    return best, confidence, [Reason("category", "rule", tuple(words[best]), codes[best])]


def _tier(nature: str, alerts: tuple[str, ...], hits: list[Hit]) -> tuple[str, list[Reason]]:
    """C3.3: L1 by rule; L2 for a complaint or a request for help; L3 for the rest."""
    wanted = [hit for hit in hits if hit.effect == "tier" and hit.value in TIERS]
    if wanted:
        tier = min(hit.value for hit in wanted)
        return tier, [Reason("tier", "rule", hit.words, hit.code) for hit in wanted if hit.value == tier]
    if nature == "complaint" or (nature == "inquiry" and "help" in alerts):
        return "L2", []
    return "L3", []


def _mood(reading: _Reading, nature: str, channel: str, models: Models, *, unsure: bool) -> tuple[str, float]:
    """Read from the words where people write reviews; elsewhere it follows from the nature, unless that is `unsure`."""
    if channel in REVIEW_CHANNELS and reading.language == "zh" and models.mood and len(reading.text) > 0:
        guess = models.mood.guess(reading.text, cut=reading.cut)
        return (guess.label, guess.confidence) if guess.sure else ("neutral", guess.confidence)
    return ("negative", 0.7) if nature == "complaint" and not unsure else ("neutral", 0.5)


def _region(
    text: str, customer: Mapping[str, Any], regions: places.Places
) -> tuple[places.Place | None, Reason | None]:
    """From the text, else from the customer's record, else from the area code of the customer's telephone."""
    found = regions.find(text)
    if found:
        return found, Reason("region", "text", (found.words,), found.full_name)
    known = regions.by_code(str(customer.get("region") or ""))
    if known:
        return known, Reason("region", "customer", (), known.full_name)
    phone = str(customer.get("phone") or "")
    dialled = regions.of_phone(phone) if phone else None
    if dialled:
        return dialled, Reason("region", "phone", (dialled.words,), dialled.full_name)
    return None, None
