"""How good the models in use are on texts they have not seen; what `train_classifier` wrote beside the weights."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.text.language_model import WEIGHTS
from tickets.workflow import Nature

NAMES = {
    "nature_zh": _("Nature, Chinese, with a subject"),
    "nature_zh_body": _("Nature, Chinese, text alone"),
    "nature_en": _("Nature, English"),
    "category_zh": _("Category, Chinese"),
    "mood_zh": _("Mood of a review, Chinese"),
    "topic_zh": _("Field of city government, Chinese"),
}
LABELS = {
    **dict(Nature.choices),
    "product": _("Product"), "service": _("Service"), "delivery": _("Delivery"), "after_sales": _("After-sales"),
    "process": _("Process"), "environment": _("Environment"), "other": _("Other"), "positive": _("Good"),
    "negative": _("Bad"), "construction": _("Construction"), "labour": _("Labour"), "education": _("Education"),
    "commerce": _("Commerce"), "pollution": _("Pollution"), "health": _("Health"), "transport": _("Transport"),
}  # fmt: skip


@dataclass(frozen=True)
class Band:
    """Texts and pieces of texts of up to `longest` characters, nought for any longer. Shares are in percent."""

    longest: int
    texts: int
    said: float
    right: float
    surely: int
    surely_right: float
    to_review: float


@dataclass(frozen=True)
class ModelScore:
    """Shares are in percent."""

    code: str
    name: Any
    version: int
    date: dt.date
    examples: int
    macro_f1: float
    accuracy: float
    threshold: float
    sure_macro_f1: float
    to_review: float
    labels: list[Any]
    rows: list[tuple[Any, list[tuple[int, bool]], float]]  # true label, (count, right) a guess, F1
    bands: list[Band]  # none where the model was trained before they were kept


def all_models() -> list[ModelScore]:
    written = json.loads((WEIGHTS / "scores.json").read_text(encoding="utf-8"))
    return [_score(code, written[code]) for code in NAMES if code in written]


def _score(code: str, given: dict[str, Any]) -> ModelScore:
    labels = [LABELS.get(label, label) for label in given["labels"]]
    rows = [
        (label, [(count, column == line) for column, count in enumerate(counts)], 100 * given["f1"][own])
        for line, (label, own, counts) in enumerate(zip(labels, given["labels"], given["confusion"], strict=True))
    ]
    bands = [
        Band(**{name: 100 * value if isinstance(value, float) else value for name, value in band.items()})
        for band in given.get("reliability", ())
    ]
    percent = {name: 100 * given[name] for name in ("macro_f1", "accuracy", "sure_macro_f1", "to_review", "threshold")}
    return ModelScore(
        code,
        NAMES[code],
        given["version"],
        dt.date.fromisoformat(given["date"]),
        given["examples"],
        labels=labels,
        rows=rows,
        bands=bands,
        **percent,
    )
