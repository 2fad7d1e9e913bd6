"""How well texts are understood: `python -m tests.understanding_measured`. Needs the example texts beside the project.

Natures come from cross-validation (`feedback/text/weights/scores.json`). The company's own categories are measured on 247 complaints
whose category was told by hand (`corpus/categories_by_hand.json`: file, row, letters; the first letter is the category, others are
right too), of which no list of words and no model was made; and on 70 more in English (`corpus/categories_held_back.json`), told before
the English lists were widened, of which nothing was looked at since.
"""

import csv
import json
import sys
from collections import Counter
from pathlib import Path

from feedback.classify import classify
from feedback.text.language_model import WEIGHTS

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
CORPUS = Path(__file__).resolve().parent / "corpus"
BY_HAND, HELD_BACK = CORPUS / "categories_by_hand.json", CORPUS / "categories_held_back.json"
NAMES = {
    "p": "product", "s": "service", "d": "delivery", "a": "after_sales", "c": "process", "e": "environment", "o": "other",
}  # fmt: skip
COLUMNS = {"reviews/shopping_dev.csv": "review", "reviews/waimai.csv": "review", "en/complaints_dev.csv": "text"}


def categories(told: Path = BY_HAND) -> dict[str, Counter[tuple[str, str]]]:
    """By file how often a category (right first) was taken for which; a second right one counts as the first."""
    found: dict[str, Counter[tuple[str, str]]] = {}
    for name, labels in json.loads(told.read_text(encoding="utf-8")).items():
        with (DATA / name).open(encoding="utf-8", newline="") as lines:
            texts = [row[COLUMNS[name]] for row in csv.DictReader(lines)]
        counts = found[name] = Counter()
        for place, letters in labels.items():
            right = [NAMES[letter] for letter in letters]
            said = classify(texts[int(place)], channel="review").category
            counts[right[0], right[0] if said in right else said] += 1
    return found


def main() -> None:
    for name, counts in [*categories().items(), *categories(HELD_BACK).items()]:
        right = sum(n for (true, said), n in counts.items() if true == said)
        print(f"{name}: {right} of {counts.total()} categories right")
        for (true, said), n in counts.most_common():
            if true != said:
                print(f"    {n:3} {true} taken for {said}")
    for name, told in json.loads((WEIGHTS / "scores.json").read_text(encoding="utf-8")).items():
        print(
            f"{name}: macro-F1 {told['macro_f1']}, accuracy {told['accuracy']}, above the threshold {told['sure_macro_f1']},"
        )
        print(f"    to review {told['to_review']:.1%}")
        for band in told.get("reliability", ()):
            print("    " + ", ".join(f"{key} {value}" for key, value in band.items()))


if __name__ == "__main__":
    sys.exit(main() if DATA.is_dir() else f"The texts are not on this machine: {DATA}")
