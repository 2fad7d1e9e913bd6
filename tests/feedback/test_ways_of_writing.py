"""Nobody escapes an alert by the way a word is written, and traditional characters are understood (C3.1 C3.2)."""

import unicodedata

import pytest

from common.text import fold
from feedback.classify import classify
from feedback.learning import services_rules
from feedback.text.keyword_rules import Rule, RuleSet
from feedback.text.plain import TRADITIONAL, plain, seen
from knowledge import similarity
from tests.make import a_ticket


@pytest.mark.parametrize(
    "text",
    [
        "我要投訴你們",  # traditional
        "我要投\u200b诉你们",  # a blank of no width
        "我要投\u200d诉你们",
        "我要投\u00ad诉你们",
        "我要投\ufe0f诉你们",
        "我要 投 诉 你 们",
        "我要投*诉你们",
        "我要投|诉你们",
        "我要投\u0336诉你们",  # struck out
        "I have a соmplaint about you",  # its first two letters are Cyrillic
        "ＣＯＭＰＬＡＩＮＴ",
        "我要⼀直投诉",  # a radical of Kangxi beside it
    ],
)
def test_a_word_is_found_however_it_is_written(text):
    assert "complaint" in classify(text).alerts


@pytest.mark.parametrize(
    "text", ["我要投资, 诉求如下", "投 资 诉 求", "电话打不通 信号很差", "жалоба на вас", "ελλάδα", "小米*大米"]
)
def test_what_only_looks_like_it_is_left(text):
    assert classify(text).alerts == ()
    assert plain(text).replace("*", "") == fold(text).replace(" ", "" if text[1] == " " else " ").replace("*", "")


def test_a_letter_from_hong_kong_is_understood_as_one_from_guangzhou():
    told = "洗衣機漏電，售後維修師傅沒來，住在廣州市"
    same = "洗衣机漏电，售后维修师傅没来，住在广州市"
    assert classify(told) == classify(same)
    assert classify(told).region == "440100" and classify(told).tier == "L1"


def test_a_rule_in_traditional_characters_finds_simplified_text_and_the_other_way_round():
    rules = RuleSet([Rule("x", ("緊急", "-緊急聯繫人"), "alert")])
    assert rules.hits("很紧急") and rules.hits("很緊急") and not rules.hits("紧急联系人") and not rules.hits("不緊急")


def test_every_traditional_character_becomes_one_that_stays():
    written, meant = TRADITIONAL.read_text(encoding="utf-8").splitlines()
    assert len(written) == len(meant) == len(set(written)) > 2_000
    assert seen(meant) == meant and seen(written) == meant


def test_folding_is_normal_form_in_lower_case_for_every_character():
    for block in range(0, 0x30000, 0x80):
        text = "".join(chr(code) for code in range(block, block + 0x80) if not 0xD800 <= code < 0xE000)
        assert fold(text) == unicodedata.normalize("NFKC", text).lower()
    assert fold("Ａ\u0301，…\u0301") == unicodedata.normalize("NFKC", "Ａ\u0301，…\u0301").lower()


@pytest.mark.parametrize("unit", ["1-", "a/", "11-", "好", "a", "а", "投 ", "不", "1机", "\u0301", "n't ", "一*", "😀"])
def test_a_hundred_thousand_characters_of_one_kind_are_read_like_any_text(unit):
    text = unit * (100_000 // len(unit)) + "投诉"
    assert classify(text, subject=text).needs_review in {True, False}
    assert similarity.group([similarity.Item(1, text), similarity.Item(2, f"标题\n{text}")]) in ([None, None], [0, 0])


@pytest.mark.django_db
def test_the_preview_looks_at_what_the_classifier_looks_at(zhou):
    a_ticket(subject="洗衣機", content="機器漏電，請儘快處理。")
    a_ticket(subject="很长", content="一切都好。" * 2_000 + "漏电")
    found = services_rules.effect(Rule("x", ("漏电",), "alert"), None, reader=zhou)
    assert (found.looked, found.matched) == (2, 1)
    fires, (one,) = services_rules.tried(Rule("x", ("漏电", "-防漏电"), "alert"), "這個防漏電不好用")
    assert (fires, one.why) == (False, "exception")
