"""Keyword rules, for an administrator (C3.1)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.settings_pages import Settings, column
from feedback.keyword_rules import Rule, RuleSet
from feedback.models import KeywordRule
from tickets.channels import Channel
from tickets.models import Category
from tickets.workflow import Nature, Tier


class RuleForm(forms.ModelForm):
    words = forms.CharField(
        label=_("words"),
        widget=forms.Textarea(attrs={"rows": 12, "cols": 40}),
        help_text=_(
            "One a line. A word that is denied (“不紧急”) does not count. With - before it a word is an exception; "
            "with * behind it an English word may go on."
        ),
    )
    channels = forms.MultipleChoiceField(
        label=_("channels"), choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )  # fmt: skip
    trial = forms.CharField(
        label=_("Try it on a text"), required=False, widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=_("The rule is then not saved; the page says which of its words are found."),
    )  # fmt: skip

    class Meta:
        model = KeywordRule
        fields = (
            "code", "name", "name_en", "words", "match_all", "effect", "value", "channels", "position", "is_active",
        )  # fmt: skip
        labels = {"position": _("position")}
        help_texts = {
            "value": _(
                "Of a tier: L1, L2 or L3. Of a category: its code. Of a nature: complaint, suggestion or inquiry. "
                "Of an alert: its code."
            ),
            "position": _("Rules are tried in the order of these numbers."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["words"] = "\n".join(self.instance.words)

    def clean_words(self) -> list[str]:
        words = [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]
        if not any(not word.startswith("-") for word in words):
            raise forms.ValidationError(gettext("Write at least one word that is no exception."))
        if long := next((word for word in words if len(word) > 50), ""):
            raise forms.ValidationError(gettext("“%(word)s…” is too long.") % {"word": long[:20]})
        return list(dict.fromkeys(words))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        effect, value = given.get("effect"), given.get("value", "")
        allowed = {
            "tier": set(Tier.values),
            "nature": set(Nature.values),
            "category": set(Category.objects.values_list("code", flat=True)) if effect == "category" else set(),
        }.get(effect or "")
        if allowed is not None and value not in allowed:
            self.add_error("value", gettext("Give one of: %(values)s.") % {"values": ", ".join(sorted(allowed))})
        if given.get("trial") and not self.errors:
            words, match_all = tuple(given["words"]), given["match_all"]
            rule = Rule("trial", words, given["effect"], given["value"], match_all=match_all)
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
    form = RuleForm
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
