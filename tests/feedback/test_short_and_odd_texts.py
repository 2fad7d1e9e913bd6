"""What says too little, or says it in another language, is looked at by a person; nobody is told that it is certain (C3.2)."""

import json

import pytest

from feedback.classify import classify
from feedback.text.features import language
from feedback.text.language_model import WEIGHTS

SAYS_LITTLE = [
    "", "。", "？", "……", "好", "好的", "嗯嗯", "收到", "谢谢", "您好", "你好，在吗", "有人吗？", "早上好",
    "测试", "测试测试", "test", "Hello", "hi there", "ok thanks", "thank you", "yes", "no", "???", "😀😀😀",
    "👍", "😡😡😡😡😡😡", "13800138000", "电话13800138000", "400-800-1234", "0", "123", "2026-11-27",
    "Q20261127-000001", "a", "aaaaaaaaaaaa", "哈哈哈哈哈", "啊啊啊啊啊啊", "投诉", "投诉！", "我要投诉",
    "咨询", "咨询一下", "请问在吗", "请问", "建议", "complaint", "question?", "...", "——", "x", "ok",
    "再见",
]  # fmt: skip
SHORT = [
    "不紧急，慢慢来", "怎么回事", "没有了", "空调", "退货", "太慢", "垃圾", "为什么", "什么意思", "不知道",
    "随便", "可以吗", "已解决", "麻烦快点", "联系我", "回电话", "等通知", "就这样", "asdfgh", "qwertyuiop",
    "call me", "why", "not good", "bad", "help", "no reply", "any news",
]  # fmt: skip
ELSEWHERE = [
    "Mi paquete no ha llegado todavía y nadie contesta el teléfono.",
    "Où est ma commande ? Cela fait trois semaines que j'attends.",
    "Meine Waschmaschine ist nach zwei Wochen kaputt gegangen, bitte melden Sie sich.",
    "Il mio ordine non è arrivato, vorrei un rimborso.",
    "O produto chegou quebrado e ninguém responde aos meus e-mails.",
    "Посылка не пришла, прошло уже две недели.",
    "洗濯機が壊れました。修理をお願いできますか。",
    "세탁기가 고장났어요. 언제 수리해 주실 수 있나요?",
    "لم تصل الطلبية حتى الآن وأريد استرداد المال",
    "เครื่องซักผ้าเสีย ช่วยติดต่อกลับด้วย",
    "Tôi đã đặt hàng hai tuần trước nhưng chưa nhận được.",
    "मेरा पार्सल अभी तक नहीं आया है",
    "Paket saya belum sampai juga, tolong dibantu segera ya",
    "Mijn bestelling is nog steeds niet aangekomen en niemand neemt op",
    "Paczka nie dotarła, proszę o pilny kontakt w tej sprawie",
]


@pytest.mark.parametrize("text", SAYS_LITTLE)
def test_what_says_nothing_waits_for_a_person(text):
    verdict = classify(text)
    assert verdict.needs_review and "too_short" in verdict.review_causes, verdict.confidence


def test_a_few_words_wait_for_a_person():
    assert {text for text in SHORT if not classify(text).needs_review} == set()


def test_a_whole_question_or_trouble_in_few_words_is_judged():
    short = {"什么时候发货": "inquiry", "怎么申请退款": "inquiry", "保修期是多久，从什么时候开始算": "inquiry"}
    for text, nature in short.items():
        verdict = classify(text)
        assert (verdict.nature, verdict.needs_review) == (nature, False), text


@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_text_in_another_language_waits_for_somebody_who_reads_it(text):
    verdict = classify(text)
    assert language(text) == "other"
    assert verdict.review_causes == ("language",) and verdict.confidence["nature"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "My parcel never arrived",
        "Charger stopped working yesterday",
        "Screen cracked on arrival, want refund",
        "Où est ma commande? I ordered it on your web site two weeks ago and it is not here",
        "@brand internet down again",
        "The café in your store was closed",
    ],
)
def test_terse_english_is_english(text):
    assert language(text) == "en"


def test_one_foreign_word_among_chinese_ones_is_chinese():
    assert language("你们の服务太差了，Hello Kitty 电饭煲坏了") == "zh"
    assert language("iPhone 17 Pro Max 屏幕坏了") == "zh"


def test_what_was_said_with_nine_in_ten_was_right_nine_times_in_ten_at_every_length():
    """On texts that the models had not seen, whole ones and pieces of them; bands of fewer than 40 such texts tell too little."""
    scores = json.loads((WEIGHTS / "scores.json").read_text(encoding="utf-8"))
    for name in ("nature_zh", "nature_zh_body", "nature_en"):
        bands = scores[name]["reliability"]
        assert sum(band["surely"] for band in bands) > 400
        told = [band for band in bands if band["surely"] >= 40]
        assert all(band["surely_right"] >= 0.9 for band in told), (name, told)
        assert all(band["said"] - band["right"] < 0.1 for band in bands if band["texts"] >= 100), (name, bands)


def test_the_shorter_a_text_the_more_of_them_are_looked_at():
    scores = json.loads((WEIGHTS / "scores.json").read_text(encoding="utf-8"))
    for name in ("nature_zh", "nature_zh_body", "nature_en"):
        first, *_between, last = [
            band["to_review"] for band in scores[name]["reliability"] if band["texts"] >= 100 or not band["longest"]
        ]
        assert first > last + 0.15 and last < 0.2
