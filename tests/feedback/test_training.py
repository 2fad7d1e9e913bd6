"""Training forgets what is rare, measures on unseen texts, and replaces a model only by one that is not worse."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.conf import settings

training = pytest.importorskip("feedback.text.training")

from sklearn.metrics import f1_score  # noqa: E402

from common.text import squeezed  # noqa: E402
from feedback.text import model_catalog  # noqa: E402
from feedback.text.features import anonymous, gram_hashes  # noqa: E402
from feedback.text.language_model import BODY_FIELDS, LETTER_FIELDS  # noqa: E402

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
DAY = dt.date(2026, 1, 5)


def some(complaints=("太慢了", "坏了", "态度差"), questions=("怎么退", "在哪里", "多少钱")):
    return [training.Example(f"第{n}次{word}，真是", "complaint") for n in "一二三四五六" for word in complaints] + [
        training.Example(f"请问{n}号店{word}呢", "inquiry") for n in "甲乙丙丁戊己" for word in questions
    ]


def grams(text):
    """Of each length, as the first field of a model reads them."""
    found = gram_hashes([text], [4], [1])
    return [found.hashes[found.spans()[2] == n] for n in range(1, min(4, len(text)) + 1)]


def test_an_ngram_of_two_texts_is_forgotten_and_one_of_three_is_kept():
    examples = [*some(), *(training.Example(f"{extra}周吴郑王{word}", "complaint") for extra, word in ("子坏", "丑慢"))]
    model, _ = training.train(examples, fields=BODY_FIELDS, folds=3)
    name = {int(one) for some in grams("周吴郑王")[1:] for one in some}
    usual = {int(one) for one in grams("请问")[1]}
    known = set(model.vocabulary.tolist())
    assert not name & known
    assert usual <= known


def test_copies_of_one_text_count_once():
    examples = [*some(), *([training.Example("周吴郑王坏了，全都坏了", "complaint")] * 5)]
    model, _ = training.train(examples, fields=BODY_FIELDS, folds=3)
    assert int(grams("周吴郑王")[3][0]) not in set(model.vocabulary.tolist())


def test_one_label_alone_cannot_be_trained():
    with pytest.raises(ValueError, match="two labels"):
        training.train([training.Example("坏了", "complaint")] * 9, fields=BODY_FIELDS)


def test_what_is_only_known_to_be_no_complaint_teaches_that_alone():
    """Questions stay what they are; of the word that only the others share the model learns that it complains of nothing."""
    whole = [training.Example(f"龘龘{one.text}", one.label) if one.label == "complaint" else one for one in some()]
    others = [training.Example(f"龘龘{n}号柜台今天很热闹", "complaint", is_not=True) for n in "甲乙丙丁戊己庚辛"]
    without, scores = training.train(whole, fields=BODY_FIELDS, folds=3)
    told, scores_told = training.train([*whole, *others], fields=BODY_FIELDS, folds=3)
    unseen = "龘龘壬号柜台今天很热闹"
    assert without.guess(unseen).label == "complaint"
    assert told.guess(unseen).label == "inquiry"
    assert scores_told.examples == scores.examples == len(whole), "no score counts them"
    assert told.guess("第二次坏了，真是").label == "complaint" and told.guess("请问甲号店怎么退呢").label == "inquiry"


def test_what_is_learnt_in_pieces_too_is_told_by_a_piece():
    """Two words that only stand together in long texts: alone one of them says less there than where pieces teach it."""
    long = "{}，上周我们一家去了门店看了很久也问了很多，{}号又去了一次，{}"
    ends = {"complaint": ("一直没修好", "师傅很差劲"), "inquiry": ("怎么修才好", "师傅哪天来")}
    whole = [
        training.Example(long.format(words[0], n, words[1]), label)
        for label, words in ends.items()
        for n in "一二三四五六七八九十"
    ]
    alone, scores = training.train(whole, fields=BODY_FIELDS, folds=3)
    told, scores_told = training.train(whole, fields=BODY_FIELDS, folds=3, as_pieces=0.5)
    assert scores.examples == scores_told.examples == len(whole), "no score counts the pieces"

    def lead(model):
        known = model.known(gram_hashes(["^一直没修好$"], [4], [1]).hashes)[0]
        rows, values, _ = model.values(known)
        complaint, inquiry = values @ model.coefficients[rows] + model.bias
        return complaint - inquiry

    assert lead(told) > lead(alone) > 0, (lead(told), lead(alone))


def test_no_piece_is_learnt_from_that_says_too_little():
    letter = training.Example("您好，我家的空调上个月装的，现在不制冷了。谢谢。", "complaint")
    assert [piece.text for piece in training.pieces(letter)] == [
        "您好，我家的空调上个月装的，现在不制冷了", "现在不制冷了"
    ]  # fmt: skip


def test_a_worse_version_is_not_taken_into_use(tmp_path, monkeypatch):
    good, bad = (
        some(),
        [training.Example(example.text, ("complaint", "inquiry")[n % 2]) for n, example in enumerate(some())],
    )
    given = [good]
    monkeypatch.setitem(
        model_catalog.RECIPES, "tried", model_catalog.Recipe(lambda folder: given[0], BODY_FIELDS, 1_000)
    )
    assert model_catalog.build("tried", tmp_path, output=tmp_path, date=DAY).replaced
    before = (tmp_path / "tried.npz").read_bytes()
    given[0] = bad
    assert not model_catalog.build("tried", tmp_path, output=tmp_path, date=DAY).replaced
    assert (tmp_path / "tried.npz").read_bytes() == before
    assert json.loads((tmp_path / "scores.json").read_text())["tried"]["version"] == 1
    assert model_catalog.build("tried", tmp_path, output=tmp_path, date=DAY, force=True).replaced
    assert json.loads((tmp_path / "scores.json").read_text())["tried"]["version"] == 2


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no example texts at {DATA}")
def test_the_nature_of_unseen_letters_is_told_at_the_promised_rate():
    from sklearn.model_selection import StratifiedGroupKFold

    letters = model_catalog.training_data.letters(DATA)
    labels = [letter.label for letter in letters]
    known, unseen = next(
        StratifiedGroupKFold(4, shuffle=True, random_state=11).split(letters, labels, training._groups(letters))
    )
    model, _ = training.train([letters[i] for i in known], fields=LETTER_FIELDS, folds=2)
    guessed = [
        model.guess(anonymous(squeezed(letters[i].text)), subject=anonymous(squeezed(letters[i].subject))).label
        for i in unseen
    ]
    assert f1_score([labels[i] for i in unseen], guessed, average="macro") >= 0.88
