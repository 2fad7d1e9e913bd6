"""Makes the weights of `knowledge.matter` from example texts. Needs scikit-learn, which the run time does not.

No text leaves this module: pairs of characters seen in fewer than `SEEN_IN` texts are dropped, the rest is hashed.
"""

import csv
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.matter import WEIGHTS, hashed, pairs
from knowledge.reading import cleaned

SEEN_IN = 8
MEANINGS = 64
_LONGEST = 1500


def letters(folder: Path) -> list[str]:
    """Letters of citizens: never those among which groups are looked for to measure."""
    with (folder / "zh/category_segmented_dev.csv").open(encoding="utf-8", newline="") as lines:
        found = ["".join(row["seg"].split()) for row in csv.DictReader(lines)]
    with (folder / "zh/classify_dev.jsonl").open(encoding="utf-8") as lines:
        return found + [json.loads(line)["text"] for line in lines]


def customers(folder: Path) -> list[str]:
    """What customers of shops complain about, and short questions."""
    texts = [text for text in _reviews(folder) if len(text) > 12]
    with (folder / "pairs/oppo.csv").open(encoding="utf-8", newline="") as lines:
        texts += sorted({row["text1"] for row in csv.DictReader(lines) if len(row["text1"]) > 7})
    return random.Random(1).sample(texts, min(8000, len(texts)))


def _reviews(folder: Path) -> Iterator[str]:
    for name in ("waimai.csv", "shopping_dev.csv"):
        with (folder / "reviews" / name).open(encoding="utf-8", newline="") as lines:
            yield from (row["review"] for row in csv.DictReader(lines) if row["review"] and row["label"] == "0")


def build(folder: Path, path: Path = WEIGHTS) -> tuple[int, int]:
    """Writes the weights; gives how many pairs they hold and how many bytes they take.

    Meanings come from the letters, which speak of every field; how common a pair is from letters and shops alike.
    """
    told, sold = ([cleaned(text)[:_LONGEST] for text in texts] for texts in (letters(folder), customers(folder)))
    vectorizer = TfidfVectorizer(analyzer=pairs, min_df=SEEN_IN, sublinear_tf=True)
    weighed = vectorizer.fit_transform(told)
    space = TruncatedSVD(MEANINGS, random_state=0).fit(weighed)
    meaning = dict(zip(vectorizer.get_feature_names_out(), space.components_.T * vectorizer.idf_[:, None], strict=True))
    shares = [_shares(texts) for texts in (told, sold)]
    names = sorted(shares[0].keys() | shares[1].keys())
    rows = np.array([meaning.get(name, np.zeros(MEANINGS)) for name in names])
    scale = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-9) / 127
    hashes = hashed(names)
    order = np.argsort(hashes, kind="stable")
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        vocabulary=hashes[order],
        share=np.array([max(some.get(name, 0.0) for some in shares) for name in names], dtype=np.float32)[order],
        meaning=np.round(rows / scale)[order].astype(np.int8),
        scale=scale[order].astype(np.float32),
    )
    return len(names), path.stat().st_size


def _shares(texts: list[str]) -> dict[str, float]:
    seen = Counter(one for text in texts for one in set(pairs(text)))
    return {one: number / len(texts) for one, number in seen.items() if number >= SEEN_IN}
