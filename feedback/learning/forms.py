"""The editor of one keyword rule, for the page and for the administration (C3.1); the correction of one case (C3.2)."""

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.text import squeezed
from common.validators import other_than
from feedback.models import KeywordRule
from feedback.text.keyword_rules import Rule
from tickets.channels import Channel
from tickets.models import Category
from tickets.workflow import Nature, Tier

MOST_WORDS = 500


class RuleForm(forms.ModelForm):
    words = forms.CharField(
        label=_("Words"),
        widget=forms.Textarea(attrs={"rows": 12, "cols": 40}),
        help_text=_(
            "One a line. A word that is denied (“不紧急”) does not count. With - before it a word is an exception; "
            "with * behind it an English word may go on."
        ),
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )  # fmt: skip

    class Meta:
        model = KeywordRule
        fields = (
            "code", "name", "name_en", "words", "match_all", "effect", "value", "channels", "position", "is_active",
        )  # fmt: skip
        labels = {"position": capfirst(_("position"))}
        help_texts = {
            "value": _(
                "Of a tier: L1, L2 or L3. Of a category: its code. Of a nature: complaint, suggestion or inquiry. "
                "Of an alert: its code."
            ),
            "position": _("Rules are tried in the order of these numbers."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].validators.append(other_than("new"))
        if self.instance.pk:
            self.initial["words"] = "\n".join(self.instance.words)

    def clean_words(self) -> list[str]:
        """One a line; lists pasted with commas are taken too."""
        lines = self.cleaned_data["words"].replace("，", "\n").replace("、", "\n").replace(";", "\n").splitlines()
        words = [line.strip() for line in lines if squeezed(line).strip("-* ")]
        if not any(not word.startswith("-") for word in words):
            raise forms.ValidationError(gettext("Write at least one word that is no exception."))
        if long := next((word for word in words if len(word) > 50), ""):
            raise forms.ValidationError(gettext("“%(word)s…” is too long.") % {"word": long[:20]})
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(gettext("At most %(most)s words a rule.") % {"most": MOST_WORDS})
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
        return given

    def rule(self) -> Rule:
        """What was typed, as the classifier reads it. Only of a form that is valid."""
        given = self.cleaned_data
        return Rule(
            given["code"], tuple(given["words"]), given["effect"], given["value"], tuple(given["channels"]),
            given["match_all"], is_active=given["is_active"],
        )  # fmt: skip


class PageForm(RuleForm):
    """The same on a page of its own: the value is chosen, and a text can be tried."""

    value = forms.ChoiceField(
        label=_("Value"), required=False, help_text=_("Of alerts, spam and manual review it may stay empty.")
    )
    trial = forms.CharField(
        label=_("Try it on a text"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is not kept. Below it stands which words are found and which do not count."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].widget.attrs["class"] = "input"
        known = KeywordRule.objects.filter(effect__in=["alert", "review"]).exclude(value="")
        codes: dict[str, set[str]] = {"alert": set(), "review": set()}
        for effect, value in known.values_list("effect", "value"):
            codes[effect].add(value)
        self.fields["value"].choices = [
            *BLANK_CHOICE_DASH,
            (_("Tier"), list(Tier.choices)),
            (_("Category"), [(row.code, str(row)) for row in Category.objects.filter(is_active=True)]),
            (_("Nature"), list(Nature.choices)),
            (_("Alert"), [(value, value) for value in sorted(codes["alert"])]),
            (_("Manual review"), [(value, value) for value in sorted(codes["review"])]),
        ]


class CorrectionForm(forms.Form):
    nature = forms.ChoiceField(label=_("Nature"), choices=Nature.choices)
    category = forms.ChoiceField(label=_("Category"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.categories = {row.code: row for row in Category.objects.filter(is_active=True)}
        self.fields["category"].choices = [
            ("", _("None")),
            *((code, str(row)) for code, row in self.categories.items()),
        ]

    def classes(self) -> dict[str, Any]:
        return self.cleaned_data | {"category": self.categories.get(self.cleaned_data["category"])}
