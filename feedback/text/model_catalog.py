"""The models that are shipped: what each is trained from, and when a new version replaces the old one."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedback.text import language_model, training, training_data
from feedback.text.language_model import BODY_FIELDS, LATIN_FIELDS, LETTER_FIELDS, WEIGHTS, Field
from feedback.text.training import Example, Scores

SCORES = "scores.json"
TOLERANCE = 0.002
"""Two models this close in macro-F1 count as equally good: folds differ by more."""


@dataclass(frozen=True)
class Recipe:
    examples: Callable[[Path], list[Example]]
    fields: tuple[Field, ...]
    most_features: int
    firmness: float = 0.3
    as_pieces: float = 0.0


RECIPES: dict[str, Recipe] = {
    "nature_zh": Recipe(training_data.letters, LETTER_FIELDS, 60_000),
    "nature_zh_body": Recipe(training_data.bodies, BODY_FIELDS, 40_000, as_pieces=0.1),
    "nature_en": Recipe(training_data.english, LATIN_FIELDS, 30_000),
    "category_zh": Recipe(training_data.categories, BODY_FIELDS, 20_000, 0.2),
    "mood_zh": Recipe(training_data.moods, BODY_FIELDS, 30_000, 0.2),
    "topic_zh": Recipe(training_data.topics, BODY_FIELDS, 40_000),
}


@dataclass(frozen=True)
class Built:
    scores: Scores
    replaced: bool
    features: int
    size: int


def recorded(folder: Path | None = None) -> dict[str, Any]:
    """Scores, date and version of the models in use, by name."""
    path = (folder or WEIGHTS) / SCORES
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def build(name: str, data: Path, *, output: Path | None, date: dt.date, force: bool = False) -> Built:
    """Trains one model and puts it into use when it is not worse than the one before, or when `force` says so."""
    folder = output or WEIGHTS
    folder.mkdir(parents=True, exist_ok=True)
    recipe = RECIPES[name]
    model, scores = training.train(
        recipe.examples(data), fields=recipe.fields, firmness=recipe.firmness, most_features=recipe.most_features,
        as_pieces=recipe.as_pieces,
    )  # fmt: skip
    known = recorded(folder)
    before = known.get(name)
    path = folder / f"{name}.npz"
    replaced = force or before is None or scores.macro_f1 >= before["macro_f1"] - TOLERANCE or not path.exists()
    if replaced:
        version = (before["version"] if before else 0) + 1
        language_model.save(model, path, header={"name": name, "version": version, "date": date.isoformat()})
        known[name] = {"version": version, "date": date.isoformat()} | scores.as_dict()
        text = json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / SCORES).write_text(text + "\n", encoding="utf-8")
        language_model.shipped.cache_clear()
    return Built(scores, replaced, len(model.vocabulary), path.stat().st_size)
