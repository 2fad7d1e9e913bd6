"""The administration: what a company sets, in the reader's language, for administrators alone."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts import services
from accounts.models import ApiToken, Department, User
from accounts.roles import Role
from feedback.defaults import create_defaults as create_rules
from feedback.models import KeywordRule
from knowledge.models import Problem
from sla.models import SlaPolicy
from sla.services_setup import create_defaults as create_policies
from tickets.defaults import create_defaults as create_categories
from tickets.models import Category

pytestmark = pytest.mark.django_db
NAMES = (
    r"<(?:th|label|legend|h1|h2|caption|option|summary)\b[^>]*>(.*?)</(?:th|label|legend|h1|h2|caption|option|summary)>"
)
HELP = r'<div[^>]*class="help"[^>]*>(.*?)</div>\s*</div>'
NOT_WORDS = {"API", "ICS", "L1", "L2", "L3", "UTC", "ID", "LDAP", "App"}
NOT_WORDS |= {"AppID", "AppSecret", "EncodingAESKey", "Token"}  # as the platform itself calls them
CODES = {"English", "complaint", "suggestion", "inquiry", "replied", "question"}
NOT_SAID = r"{[a-z_]+}|/[\w/-]+"  # variables of templates, addresses


@pytest.fixture
def boss(db, client) -> User:
    """An administrator by role alone, without Django's superuser."""
    boss = services.create_person(username="boss", name="管家", roles=[Role.ADMIN])
    boss.is_staff = True
    boss.save()
    client.force_login(boss)
    return boss


@pytest.fixture
def rows(boss, lin, after_sales) -> None:
    create_categories()
    create_rules(timezone.now())
    create_policies()
    Problem.objects.create(title="安装漏水", created_at=timezone.now())
    services.create_token(name="商城", scopes=["submit"], at=timezone.now())
    services.log_access(user=lin, action="reveal", subject="Q1", at=timezone.now(), purpose="回电")


def untranslated(page: str, data: set[str]) -> list[str]:
    page = page.split('<div id="content"')[-1]
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    said = [strip_tags(text) for text in re.findall(NAMES, page, re.S) + re.findall(HELP, page, re.S)]
    words = {word for text in said for word in re.findall(r"[A-Za-z][A-Za-z-]{2,}", re.sub(NOT_SAID, "", text))}
    return sorted(words - NOT_WORDS - data)


@pytest.mark.parametrize("model", ["user", "department", "region", "apitoken", "accesslog", "category", "keywordrule",
                                   "problem", "slapolicy", "calendar", "archiveclass", "cause", "reviewrule", "cannedreply",
                                   "smstemplate", "wechataccount"])  # fmt: skip
def test_no_name_of_the_administration_is_left_untranslated(client, rows, model):
    registered = next(one for one in admin.site._registry if one._meta.model_name == model)
    row = registered.objects.first()
    app, data = registered._meta.app_label, {"Asia", "Shanghai"}
    for verb in ("changelist", "add", "change"):
        arguments = [row.pk] if verb == "change" and row else []
        if verb == "change" and row is None:
            continue
        answer = client.get(reverse(f"admin:{app}_{model}_{verb}", args=arguments))
        assert answer.status_code == (200 if verb != "add" or may_be_added(model) else 403), verb
        text = answer.content.decode()
        shown = set(re.findall(r"[A-Za-z][A-Za-z-]{2,}", " ".join(str(value) for one in registered.objects.all()[:200]
                    for value in vars(one).values() if isinstance(value, str | list))))  # fmt: skip
        left = untranslated(text, data | shown | CODES)
        assert left == [], f"{verb}: {left}"


def may_be_added(model: str) -> bool:
    return model not in {"region", "accesslog", "problem", "calendar"}


def test_everything_registered_is_a_page_of_ours(client, rows):
    assert {one._meta.label for one in admin.site._registry} == {
        "accounts.User", "accounts.Department", "accounts.Region", "accounts.ApiToken", "accounts.AccessLog",
        "tickets.ArchiveClass", "tickets.CannedReply", "tickets.Category", "tickets.Cause", "tickets.ReviewRule",
        "feedback.KeywordRule", "feedback.WechatAccount", "knowledge.Problem",
        "notices.SmsTemplate", "sla.SlaPolicy", "sla.Calendar",
    }  # fmt: skip
    assert "回声系统管理" in client.get("/admin/").content.decode()


@pytest.mark.parametrize("who", ["lin", "zhou", "gao"])
def test_a_colleague_without_the_role_opens_none_of_it_even_as_staff(client, request, who, boss):
    person = request.getfixturevalue(who)
    person.is_staff = True
    person.save()
    client.force_login(person)
    assert client.get(reverse("admin:tickets_category_changelist")).status_code == 403
    assert client.post(reverse("admin:accounts_user_add"), {"username": "x"}).status_code == 403


def test_whoever_becomes_administrator_may_open_it_and_loses_it_with_the_role(client, boss, lin):
    form = {"username": "lin", "name": "林知夏", "language": "zh-hans", "is_active": "on", "share": "1"}
    address = reverse("admin:accounts_user_change", args=[lin.pk])
    answer = client.post(address, form | {"roles": ["agent", "admin"]})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    lin.refresh_from_db()
    assert (lin.roles, lin.is_staff) == (["agent", "admin"], True)
    client.post(address, form | {"roles": ["agent"]})
    lin.refresh_from_db()
    assert (lin.roles, lin.is_staff) == (["agent"], False)


def test_a_department_below_itself_is_refused_in_words(client, boss):
    top = services.create_department(code="a", name="甲")
    below = services.create_department(code="b", name="乙", parent=top)
    answer = client.post(
        reverse("admin:accounts_department_change", args=[top.pk]),
        {"code": "a", "name": "甲", "parent": below.pk, "position": "1", "is_active": "on"},
    )
    assert "部门不能隶属于自身" in answer.content.decode()
    assert Department.objects.get(pk=top.pk).parent is None


def test_a_token_is_shown_once_and_revoked(client, boss):
    answer = client.post(
        reverse("admin:accounts_apitoken_add"), {"name": "商城", "scopes": ["submit"], "user": ""}, follow=True
    )
    token = re.search(r"hs_[\w-]{20,}", answer.content.decode())
    assert token
    row = ApiToken.objects.get(name="商城")
    assert token.group() not in client.get(reverse("admin:accounts_apitoken_change", args=[row.pk])).content.decode()
    client.post(reverse("admin:accounts_apitoken_changelist"), {"action": "revoke", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.revoked_at


RULE = {
    "code": "leak",
    "name": "漏水",
    "words": "漏水\n-漏水保护",
    "effect": "category",
    "value": "product",
    "position": "9",
}


def test_a_keyword_rule_is_tried_before_it_is_saved(client, boss, rows):
    address = reverse("admin:feedback_keywordrule_add")
    said = client.post(address, RULE | {"trial": "热水器漏水了"}).content.decode()
    assert "命中：漏水" in said, re.findall(r"errorlist.*?</ul>", said, re.S)
    assert "没有命中" in client.post(address, RULE | {"trial": "漏水保护开关"}).content.decode()
    assert not KeywordRule.objects.filter(code="leak").exists()
    assert client.post(address, RULE | {"is_active": "on"}).status_code == 302
    assert KeywordRule.objects.get(code="leak").words == ["漏水", "-漏水保护"]


def test_a_rule_for_a_category_that_does_not_exist_is_refused(client, boss, rows):
    answer = client.post(reverse("admin:feedback_keywordrule_add"), RULE | {"value": "nothing"})
    assert answer.status_code == 200
    assert not KeywordRule.objects.filter(code="leak").exists()


def test_a_policy_says_in_words_which_cases_it_is_for(client, boss, rows):
    policy = SlaPolicy.objects.create(code="vip", name="大客户", match={"customer_class": ["vip"]})
    address = reverse("admin:sla_slapolicy_change", args=[policy.pk])
    form = {"code": "vip", "name": "大客户", "position": "5", "nature": ["complaint"], "channel": ["phone"]}
    form |= {"customer_class": "vip"}
    assert client.post(address, form).status_code == 302
    policy.refresh_from_db()
    assert policy.match == {"customer_class": ["vip"], "nature": ["complaint"], "channel": ["phone"]}
    listed = client.get(reverse("admin:sla_slapolicy_changelist")).content.decode()
    assert "投诉" in listed and "热线" in listed


def test_a_category_keeps_its_code(client, boss, rows):
    row = Category.objects.get(code="product")
    form = {"code": "other-code", "name": "产品", "name_en": "Product", "position": "1", "is_active": "on"}
    assert client.post(reverse("admin:tickets_category_change", args=[row.pk]), form).status_code == 302
    row.refresh_from_db()
    assert (row.code, row.name) == ("product", "产品")


def test_a_browser_that_asks_for_an_icon_gets_one(client):
    assert client.get("/favicon.ico").status_code == 302


def test_a_password_set_by_the_administrator_ends_the_tokens_too(client, boss, lin):
    services.create_token(name="脚本", scopes=["read"], user=lin, at=timezone.now())
    address = reverse("admin:auth_user_password_change", args=[lin.pk])
    typed = {"usable_password": "true", "password1": "zhixia-2026-x", "password2": "zhixia-2026-x"}
    assert client.post(address, typed).status_code == 302
    lin.refresh_from_db()
    assert lin.check_password("zhixia-2026-x")
    assert not ApiToken.objects.valid(timezone.now()).filter(user=lin).exists()
