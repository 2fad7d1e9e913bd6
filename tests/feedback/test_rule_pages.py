"""An administrator edits keyword rules, and sees what a change would do before it is saved (C3.1)."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.roles import Role
from feedback.defaults import create_defaults
from feedback.learning import services_rules
from feedback.models import KeywordRule
from feedback.text.keyword_rules import Rule
from tests.make import NOON, a_ticket
from tests.people import user

pytestmark = pytest.mark.django_db
LEAK = {
    "code": "leak", "name": "漏水", "words": "漏水\n-漏水保护\n渗水", "effect": "alert", "value": "", "position": 40,
    "is_active": "on",
}  # fmt: skip


@pytest.fixture
def boss(db):
    return user("boss", "管理员", [Role.ADMIN], None)


@pytest.fixture
def wet():
    return [
        a_ticket(content="空调漏水了", anonymous=True),
        a_ticket(content="没有漏水，只是响", anonymous=True, subject="空调响"),
        a_ticket(content="漏水保护开关坏了", anonymous=True, subject="开关"),
        a_ticket(content="墙面渗水", anonymous=True, subject="墙面", channel="phone"),
    ]


def test_the_preview_counts_what_would_have_matched_and_saves_nothing(client, zhou, wet):
    client.force_login(zhou)
    page = client.post(reverse("feedback:rule-new"), LEAK | {"preview": "1"}).content.decode()
    assert "最近 4 件工单中会命中 <b>2</b> 件" in page
    assert wet[0].number in page and wet[3].number in page
    assert wet[1].number not in page and wet[2].number not in page
    assert not KeywordRule.objects.exists()


def test_an_administrator_sees_the_counts_but_no_ticket(client, boss, wet):
    client.force_login(boss)
    page = client.post(reverse("feedback:rule-new"), LEAK | {"preview": "1"}).content.decode()
    assert "<b>2</b>" in page and not [one.number for one in wet if one.number in page]


def test_a_changed_rule_says_what_comes_in_and_what_falls_out(zhou, wet):
    stored = Rule("leak", ("漏水",), "alert")
    found = services_rules.effect(Rule("leak", ("渗水", "没有这个词"), "alert"), stored, reader=zhou)
    assert (found.looked, found.matched, found.before, found.gained, found.lost) == (4, 1, 2, 1, 2)
    assert [sample.number for sample in found.samples] == [wet[3].number]


def test_a_rule_of_one_channel_is_tried_on_that_channel_alone(zhou, wet):
    assert services_rules.effect(Rule("leak", ("渗水",), "alert", channels=("web",)), None, reader=zhou).matched == 0
    assert services_rules.effect(Rule("leak", ("渗水",), "alert", channels=("phone",)), None, reader=zhou).matched == 1


@pytest.mark.parametrize(
    ("text", "fires", "why"),
    [
        ("这件事很紧急", True, {"紧急": ""}),
        ("这件事不紧急", False, {"紧急": "denied"}),
        ("请打紧急联系人电话", False, {"紧急": "exception"}),
        ("没有一个词", False, {}),
    ],
)
def test_a_text_that_is_tried_says_why_a_word_does_not_count(text, fires, why):
    rule = Rule("urgent", ("紧急", "-紧急联系人"), "alert")
    answer, found = services_rules.tried(rule, text)
    assert (answer, {one.word: one.why for one in found}) == (fires, why)


def test_every_place_of_a_word_is_told_with_its_own_reason():
    rule = Rule("urgent", ("紧急", "urgent", "-紧急联系人"), "alert")
    fires, found = services_rules.tried(rule, "不紧急；紧急联系人是我；真的緊急！It is insurgent and urgent")
    assert fires
    assert [(one.word, one.why) for one in found] == [
        ("紧急", "denied"), ("紧急", "exception"), ("紧急", ""), ("urgent", "inside"), ("urgent", ""),
    ]  # fmt: skip


def test_saving_counts_at_once_and_is_on_record(client, zhou):
    client.force_login(zhou)
    assert client.post(reverse("feedback:rule-new"), LEAK).status_code == 302
    row = KeywordRule.objects.get(code="leak")
    assert row.words == ["漏水", "-漏水保护", "渗水"]
    answer = client.post(
        reverse("feedback:rule", args=["leak"]), LEAK | {"words": "漏水，渗水、滴水", "channels": ["web"]}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.words, row.channels) == (["漏水", "渗水", "滴水"], ["web"])
    assert client.post(reverse("feedback:rule-delete", args=["leak"])).status_code == 302
    assert not KeywordRule.objects.exists()
    assert [(entry.user, entry.action_flag) for entry in LogEntry.objects.order_by("pk")] == [
        (zhou, 1),
        (zhou, 2),
        (zhou, 3),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "-漏水"}, {"words": " \n"}, {"words": "*\n-"}, {"words": "长" * 51}, {"effect": "tier", "value": ""},
        {"effect": "nature", "value": "L1"}, {"effect": "nothing"}, {"value": "no-such-value"}, {"code": "new"},
        {"code": "坏 code"}, {"words": "\n".join(f"词{n}" for n in range(501))}, {"channels": ["moon"]}, {"position": "-1"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_on_the_page(client, zhou, wrong):
    client.force_login(zhou)
    assert client.post(reverse("feedback:rule-new"), LEAK | wrong).status_code == 422
    assert not KeywordRule.objects.exists()


@pytest.mark.parametrize("who", ["lin", "chen", "gao", "he", "xu", "tang", "nobody"])
def test_only_office_and_administrators_come_here(client, request, who):
    create_defaults(NOON)
    client.force_login(request.getfixturevalue(who))
    for address in (
        reverse("feedback:rules"), reverse("feedback:rule-new"), reverse("feedback:rule", args=["urgent"]),
    ):  # fmt: skip
        assert client.get(address).status_code == 403
    assert client.post(reverse("feedback:rule-delete", args=["urgent"])).status_code == 403


@pytest.mark.parametrize(("language", "heading"), [("zh-hans", "关键词规则"), ("en", "Keyword rules")])
def test_the_list_and_the_editor_show_the_default_rules_in_both_languages(client, zhou, language, heading):
    create_defaults(NOON)
    client.force_login(zhou)
    page = client.get(reverse("feedback:rules"), headers={"accept-language": language}).content.decode()
    assert f"<h1>{heading}</h1>" in page and reverse("feedback:rule", args=["urgent"]) in page
    assert "-紧急联系人" in client.get(reverse("feedback:rule", args=["urgent"])).content.decode()
