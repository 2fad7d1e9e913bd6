"""The weights are numbers: no text travels with them, and their scores stand beside them."""

import json

import numpy as np
import pytest

from feedback.text.language_model import WEIGHTS, load, shipped

NAMES = sorted(path.stem for path in WEIGHTS.glob("*.npz"))


def test_every_question_has_its_model():
    assert set(NAMES) >= {"nature_zh", "nature_zh_body", "nature_en", "category_zh", "mood_zh", "topic_zh"}


@pytest.mark.parametrize("name", NAMES)
def test_a_weights_file_holds_numbers_and_a_short_header(name):
    with np.load(WEIGHTS / f"{name}.npz", allow_pickle=False) as stored:
        assert {stored[key].dtype.kind for key in stored.files} <= {"f", "u"}
        header = stored["header"].tobytes().decode("ascii")
    usual = {"name", "version", "date", "labels", "fields", "scale", "threshold"}
    assert set(json.loads(header)) - {"part"} == usual
    assert len(header) < 1_000


def test_all_weights_together_stay_below_three_megabytes():
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 3_000_000


@pytest.mark.parametrize("name", NAMES)
def test_a_model_gives_shares_that_add_up(name):
    guess = load(WEIGHTS / f"{name}.npz").guess("请问什么时候发货")
    assert sum(guess.shares.values()) == pytest.approx(1, abs=0.01)
    assert guess.shares[guess.label] == max(guess.shares.values())


def test_the_scores_of_every_model_are_on_record():
    scores = json.loads((WEIGHTS / "scores.json").read_text(encoding="utf-8"))
    assert set(scores) == set(NAMES)
    assert scores["nature_zh"]["macro_f1"] >= 0.92
    assert scores["nature_zh"]["sure_macro_f1"] >= 0.95 and scores["nature_zh"]["to_review"] <= 0.2
    assert scores["topic_zh"]["accuracy"] >= 0.85


def test_a_model_that_was_never_trained_is_none():
    assert shipped("no_such_model") is None
