"""The weights are numbers: no text travels with them, and their scores stand beside them."""

import json

import numpy as np
import pytest

from feedback.text.calibration import Sureness, shares, shares_of_one
from feedback.text.language_model import WEIGHTS, LinearModel, load, save, shipped

NAMES = sorted(path.stem for path in WEIGHTS.glob("*.npz"))


def test_every_question_has_its_model():
    assert set(NAMES) >= {"nature_zh", "nature_zh_body", "nature_en", "category_zh", "mood_zh", "topic_zh"}


@pytest.mark.parametrize("name", NAMES)
def test_a_weights_file_holds_numbers_and_a_short_header(name):
    with np.load(WEIGHTS / f"{name}.npz", allow_pickle=False) as stored:
        assert {stored[key].dtype.kind for key in stored.files} <= {"f", "u"}
        header = stored["header"].tobytes().decode("ascii")
    usual = {"name", "version", "date", "labels", "fields", "scale", "threshold"}
    assert set(json.loads(header)) - {"part", "enough"} == usual
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


def test_what_is_said_of_bodies_alone_is_so_for_texts_of_every_length():
    """The shortest said 0.62 and were right in 0.53 (decision 0095)."""
    scores = json.loads((WEIGHTS / "scores.json").read_text(encoding="utf-8"))["nature_zh_body"]
    bands = scores["reliability"]
    assert [band["longest"] for band in bands] == [6, 12, 25, 60, 200, 0]
    assert all(abs(band["said"] - band["right"]) <= 0.02 for band in bands)
    assert bands[0]["right"] >= 0.65 and bands[1]["right"] >= 0.75
    assert scores["macro_f1"] >= 0.88 and scores["sure_macro_f1"] >= 0.95 and scores["to_review"] <= 0.2


@pytest.mark.parametrize(
    ("text", "nature"),
    [
        ("空调不制冷", "complaint"), ("热水忽冷忽热", "complaint"), ("门店导购爱答不理", "complaint"),
        ("打了三次电话都没人接", "complaint"), ("保修几年", "inquiry"), ("退货地址是什么", "inquiry"),
    ],
)  # fmt: skip
def test_a_few_words_are_not_taken_for_a_question(text, nature):
    assert shipped("nature_zh_body").guess(text).label == nature


def test_more_than_enough_makes_no_surer_and_what_was_stored_before_has_no_such_end(tmp_path):
    model = shipped("nature_zh_body")
    known = Sureness(scale=0.5, part=2.0, enough=50)
    assert known.of_one(20) < known.of_one(50) == known.of_one(900)
    assert Sureness(scale=0.5, part=2.0).of_one(50) < Sureness(scale=0.5, part=2.0).of_one(900)
    for sureness in (known, Sureness(scale=0.5, part=2.0)):
        save(LinearModel(**vars_of(model) | {"sureness": sureness}), tmp_path / "own.npz", header={})
        assert load(tmp_path / "own.npz").sureness == sureness


@pytest.mark.parametrize("sureness", [Sureness(), Sureness(0.5, 2.0), Sureness(0.5, 2.0, enough=50)])
def test_a_text_alone_is_as_sure_as_among_many(sureness):
    scores, known = np.array([[0.1, 0.7, -2.0], [3.0, 3.0, 1.0]]), np.array([7, 300])
    together = shares(scores, sureness.of(known))
    alone = [shares_of_one(row.tolist(), sureness.of_one(int(many))) for row, many in zip(scores, known, strict=True)]
    assert np.allclose(together, alone, rtol=1e-12)


def vars_of(model):
    names = ("labels", "fields", "vocabulary", "field_of", "rarity", "coefficients", "bias", "threshold")
    return {name: getattr(model, name) for name in names}


def test_a_model_that_was_never_trained_is_none():
    assert shipped("no_such_model") is None
