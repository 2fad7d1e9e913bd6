"""Keyword rules fire on what is meant, not on what is denied (C3.1)."""

import pytest

from feedback.text.default_rules import RULES
from feedback.text.keyword_rules import Rule, RuleSet

DEFAULT = RuleSet(RULES)


def codes(text, **more):
    return {hit.code for hit in DEFAULT.hits(text, **more)}


@pytest.mark.parametrize(
    "text", ["情况紧急，请马上处理", "這件事情 緊急 紧急！", "URGENT: please call me", "ｕｒｇｅｎｔ"]
)
def test_an_urgent_text_raises_the_alert(text):
    assert "urgent" in codes(text)


@pytest.mark.parametrize(
    "text",
    ["这件事不紧急", "并不是很紧急，慢慢来", "没有那么紧急", "请填写紧急联系人",
     "This is not urgent", "it isn't really urgent", "无需紧急处理", "No need to treat this as urgent",
     "insurgents are not customers"],
)  # fmt: skip
def test_a_denied_or_excepted_word_raises_nothing(text):
    assert "urgent" not in codes(text)


@pytest.mark.parametrize("text", ["不得不投诉你们", "三天没人管，投诉！", "再不处理我就投诉", "问题没有解决，我要投诉"])
def test_a_denial_elsewhere_or_a_double_denial_does_not_silence_the_word(text):
    assert "complaint-word" in codes(text)


@pytest.mark.parametrize(
    "text", ["我不是来投诉的", "没有投诉的意思", "nobody wants to complain", "I am not here to complain"]
)
def test_who_says_that_it_is_no_complaint_is_believed(text):
    assert "complaint-word" not in codes(text)


@pytest.mark.parametrize("text", ["难道不能投诉吗", "凭什么不能投诉", "再不来投诉你们", "为什么不让投诉"])
def test_who_asks_back_complains(text):
    assert "complaint-word" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "幸好没有人受伤",
        "没人受伤",
        "幸亏没有造成人员受伤",
        "未造成人员伤亡",
        "nobody was injured",
        "no one was hurt or injured",
    ],
)
def test_an_accident_in_which_nobody_was_hurt_does_not_tell_of_injuries(text):
    assert "safety" not in codes(text)


@pytest.mark.parametrize(
    "text", ["不止一人受伤", "别人受伤了", "没人管，老人受伤", "没有人救，孩子昏迷", "未来会爆炸吗"]
)
def test_somebody_else_who_was_hurt_is_hurt(text):
    assert "safety" in codes(text)


@pytest.mark.parametrize("text", ["充电器冒烟了", "孩子吃了以后食物中毒", "the charger exploded", "my son was injured"])
def test_danger_to_people_is_tier_one(text):
    assert {(hit.effect, hit.value) for hit in DEFAULT.hits(text)} >= {("tier", "L1")}


def test_english_words_stand_alone_and_a_star_allows_endings():
    rules = [Rule("app", ("app",), "category", "process"), Rule("refund", ("refund*",), "category", "after_sales")]
    assert [hit.code for hit in RuleSet(rules).hits("What happened to my refunded order?")] == ["refund"]
    assert [hit.code for hit in RuleSet(rules).hits("the APP在手机上打不开")] == ["app"]


def test_a_rule_with_all_words_needs_every_one():
    rules = RuleSet([Rule("both", ("空调", "漏水"), "alert", "leak", match_all=True)])
    assert [hit.words for hit in rules.hits("空调一直漏水")] == [("空调", "漏水")]
    assert rules.hits("空调不漏水") == []
    assert rules.hits("水管漏水") == []


def test_a_rule_of_one_channel_is_silent_on_others():
    rules = RuleSet([Rule("star", ("差评",), "alert", channels=("review",))])
    assert rules.hits("差评", channel="review") and not rules.hits("差评", channel="web")


def test_an_inactive_rule_never_fires():
    assert not RuleSet([Rule("off", ("差评",), "alert", is_active=False)]).hits("差评")


def test_rules_survive_strange_words_and_texts():
    rules = RuleSet([Rule("odd", ("", "-", "*", "[", "]^", "\\d", "é"), "alert")])
    assert [hit.words for hit in rules.hits("a [ b")] == [("[",)]
    assert rules.hits("") == []
    assert RuleSet([]).hits("紧急") == []


def test_every_default_rule_has_both_names_and_a_known_effect():
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.name and rule.name_en and rule.words
        assert rule.effect in {"alert", "tier", "category", "nature", "spam", "review"}
        assert all(len(word) <= 50 for word in rule.words)


@pytest.mark.parametrize(
    "text",
    [
        "父亲住院三天，医保能报销多少？", "我在附院做住院医师", "想买联名款的鞋", "这是个信息大爆炸的时代", "垃圾到爆炸",
        "装了防漏电开关",
        "围着火炉吃饭", "一起火锅吧", "小说写的是一个人命运的起落", "电脑中毒了打不开", "我是过敏体质，能用吗",
        "农民工流血流汗", "空调罢工了",
        "茶楼涉嫌聚众赌博", "打开一看果子坏了，很受伤",
    ],
)  # fmt: skip
def test_words_that_only_sound_like_danger_raise_no_level(text):
    assert "tier" not in {hit.effect for hit in DEFAULT.hits(text)}


@pytest.mark.parametrize(
    "text",
    [
        "被烫伤住院了",
        "老人摔倒住进医院",
        "业主联名反对",
        "充电器爆炸了",
        "插座漏电",
        "洗衣机起火",
        "吃了以后中毒",
        "脸上过敏起疹子",
        "员工罢工",
    ],
)
def test_what_is_dangerous_raises_it_still(text):
    assert ("tier", "L1") in {(hit.effect, hit.value) for hit in DEFAULT.hits(text)}


@pytest.mark.parametrize(
    "text",
    ["送给妈妈的礼物", "老妈的手机坏了", "孩子他妈一直陪读", "把电费转账到物业账户", "小区里有色情场所没人管",
     "有人买地下六合彩", "卖家加我微信以后不理人",
     "税务局代开发票要排队"],
)  # fmt: skip
def test_family_and_trade_are_neither_abuse_nor_spam(text):
    assert not {"abuse", "fraud", "spam"} & codes(text)
