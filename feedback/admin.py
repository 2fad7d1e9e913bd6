"""Keyword rules (C3.1) and WeChat accounts, for an administrator."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.settings_pages import Settings, column
from feedback.learning.forms import RuleForm
from feedback.models import KeywordRule, WechatAccount
from feedback.text.keyword_rules import RuleSet
from feedback.wechat import menu
from feedback.wechat.services import Refused
from notices import outgoing


class TriedRuleForm(RuleForm):
    trial = forms.CharField(
        label=_("Try it on a text"), required=False, widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=_("The rule is then not saved; the page says which of its words are found."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("trial") and not self.errors:
            rule = replace(self.rule(), channels=(), is_active=True)
            found = [word for hit in RuleSet([rule]).hits(given["trial"]) for word in hit.words]
            said = (
                gettext("Found: %(words)s") % {"words": ", ".join(found)}
                if found
                else gettext("No word of it is found.")
            )
            self.add_error("trial", said)
        return given


@admin.register(KeywordRule)
class KeywordRuleAdmin(Settings):
    form = TriedRuleForm
    list_display = (
        "code", "local", "effect", "value", "some_words", column("position", _("position")), "is_active",
    )  # fmt: skip
    list_filter = ("effect", "is_active")
    search_fields = ("code", "name", "name_en")

    @admin.display(description=_("name"), ordering="name")
    def local(self, row: KeywordRule) -> str:
        return row.local_name

    @admin.display(description=_("words"))
    def some_words(self, row: KeywordRule) -> str:
        return ", ".join(row.words[:6]) + (" …" if len(row.words) > 6 else "")

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class WechatForm(forms.ModelForm):
    class Meta:
        model = WechatAccount
        fields = ("code", "name", "name_en", "app_id", "app_secret", "token", "aes_key", "is_active")
        widgets = {name: forms.PasswordInput(render_value=True) for name in ("app_secret", "token", "aes_key")}
        help_texts = {
            "code": _("The address for WeChat is /hooks/wechat/<code>/."),
            "aes_key": _("Without it messages come plain."),
        }


@admin.register(WechatAccount)
class WechatAccountAdmin(Settings):
    form = WechatForm
    list_display = (
        column("name", _("Account")),
        column("code", _("Code")),
        column("is_active", _("Active"), boolean=True),
    )
    actions = ("publish_menu",)

    @admin.action(description=_("Put the menu into WeChat"))
    def publish_menu(self, request: HttpRequest, accounts: QuerySet[WechatAccount]) -> None:
        for account in accounts:
            try:
                menu.publish(account, at=timezone.now())
            except (Refused, outgoing.NoAnswer, outgoing.AddressRefused) as problem:
                told = gettext("%(account)s: WeChat did not take it (%(why)s).") % {"account": account, "why": problem}
                self.message_user(request, told, messages.ERROR)
            else:
                self.message_user(request, gettext("%(account)s has its menu.") % {"account": account})
