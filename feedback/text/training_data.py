"""Reads the example texts that the shipped weights are trained from; the folder stays outside the project."""

import csv
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from common.text import squeezed
from feedback.text.default_rules import RULES
from feedback.text.keyword_rules import RuleSet
from feedback.text.training import Example, without_subject

_TOPICS = {
    "城乡建设": "construction", "劳动和社会保障": "labour", "教育文体": "education", "商贸旅游": "commerce",
    "环境保护": "pollution", "卫生计生": "health", "交通运输": "transport",
}  # fmt: skip


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        if path.suffix == ".jsonl":
            yield from (json.loads(line) for line in lines if line.strip())
        else:
            yield from csv.DictReader(lines)


def _some(texts: list[str], most: int) -> list[str]:
    return random.Random(1).sample(texts, min(most, len(texts)))


def letters(folder: Path) -> list[Example]:
    """Citizens' letters with the nature that the writer declared; the declaring word is not in them."""
    return [Example(row["text"], row["nature"], row["subject"]) for row in _rows(folder / "zh/classify_dev.jsonl")]


def bodies(folder: Path) -> list[Example]:
    """The letters without their subject, and, unmeasured, short questions and bad reviews as customers write them."""
    questions = {
        row[name] for row in _rows(folder / "pairs/oppo.csv") for name in ("text1", "text2") if len(row[name]) > 5
    }
    bad = [text for text, label in _reviews(folder) if label == "negative" and 7 < len(text) < 200]
    return (
        without_subject(letters(folder))
        + [Example(text, "inquiry", weight=0.3, measured=False) for text in _some(sorted(questions), 1000)]
        + [Example(text, "complaint", weight=0.3, measured=False) for text in _some(bad, 1000)]
    )


def english(folder: Path) -> list[Example]:
    """Tweets to brands, questions to a bank, wishes in a software forum. So that the model does not learn the source in the place of
    the nature, it is told too what else is said there: tweets that are no complaint, sentences of the forum that wish nothing.
    """
    tweets = list(_rows(folder / "en/complaints_dev.csv"))
    found = [Example(row["text"], "complaint") for row in tweets if row["is_complaint"] == "1"]
    for row in tweets:
        if row["is_complaint"] == "0":
            asks = "?" in row["text"]
            found.append(Example(row["text"], "inquiry") if asks else Example(row["text"], "complaint", is_not=True))
    bank = [row["text"] for row in _rows(folder / "en/banking77_train.csv")]
    found += [Example(text, "inquiry") for text in _some(bank, 1500)]
    said: dict[str, list[str]] = {"1": [], "0": []}
    for row in _rows(folder / "en/semeval19t9_train.csv"):
        said[row["is_suggestion"]].append(row["sentence"].strip('"'))
    found += [Example(text, "suggestion") for text in _some(said["1"], 1500)]
    return found + [Example(text, "suggestion", is_not=True) for text in _some(said["0"], 3000)]


def _reviews(folder: Path) -> Iterator[tuple[str, str]]:
    for name in ("waimai.csv", "shopping_dev.csv"):
        for row in _rows(folder / "reviews" / name):
            if row["review"]:
                yield row["review"], "positive" if row["label"] == "1" else "negative"


def moods(folder: Path) -> list[Example]:
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in _reviews(folder):
        by_label[label].append(text)
    return [Example(text, label) for label, texts in sorted(by_label.items()) for text in _some(texts, 6000)]


def categories(folder: Path) -> list[Example]:
    """Reviews of which the keyword rules name one category, without the words that named it.

    Nobody labelled them: a score on these says how well the rest of a review tells what the keyword told.
    """
    rules = RuleSet(rule for rule in RULES if rule.effect == "category")
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in _reviews(folder):
        if label == "positive" or len(text) < 8:
            continue
        hits = rules.hits(text)
        if len(hits) == 1:
            rest = squeezed(text)
            for word in hits[0].words:
                rest = rest.replace(word, " ")
            by_label[hits[0].value].append(rest)
    return [Example(text, label) for label, texts in sorted(by_label.items()) for text in _some(texts, 1500)]


def topics(folder: Path) -> list[Example]:
    """Seven fields of city government. The source lost its stop words, so the parts are joined again."""
    return [
        Example("".join(row["seg"].split()), _TOPICS[row["label"]])
        for row in _rows(folder / "zh/category_segmented_dev.csv")
    ]
