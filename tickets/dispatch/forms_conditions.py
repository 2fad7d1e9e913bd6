"""The cases that a rule is for, ticked and written: the same conditions for routing rules and for policies of limits."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from common.validators import other_than
from tickets.channels import Channel
from tickets.models import Category
from tickets.workflow import Nature

MOST_WORDS = 200


class ConditionsForm(forms.ModelForm):
    """Of a model with a `code` and a `match`, which holds the conditions by name; what is left empty is none."""

    ticked: tuple[str, ...] = ("nature", "channel", "category")
    written: tuple[str, ...] = ("region", "customer_class")
    reserved: Collection[str] = ()
    """Codes that are addresses beside the rules' own."""

    nature = forms.MultipleChoiceField(label=_("nature"), choices=Nature.choices)
    channel = forms.MultipleChoiceField(label=_("channel"), choices=Channel.choices)
    category = forms.MultipleChoiceField(label=_("category"))
    region = forms.CharField(
        label=_("region"), max_length=1000, help_text=_("Codes of six digits, for example 440300 for all of Shenzhen.")
    )
    customer_class = forms.CharField(
        label=_("customer class"), max_length=1000, help_text=_("As the register names them, with commas between.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        held = self.instance.match or {}
        self.fields["code"].validators.append(other_than(*self.reserved))
        self.fields["category"].choices = [(row.code, str(row)) for row in Category.objects.all()]
        self.offer(held)
        for name in self.ticked:
            self.fields[name].required = False
            self.fields[name].widget = forms.CheckboxSelectMultiple(choices=self.fields[name].choices)
            self.fields[name].help_text = _("None ticked: all of them.")
            self.initial[name] = held.get(name, [])
        for name in self.written:
            self.fields[name].required = False
            self.initial[name] = ", ".join(held.get(name, []))
        for field in self.fields.values():
            field.label = capfirst(field.label)

    def offer(self, held: dict[str, list[str]]) -> None:
        """Fills the choices of further fields, before they become boxes to tick; `held` are the conditions so far."""

    def clean_region(self) -> list[str]:
        codes = words(self.cleaned_data["region"])
        known = set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
        for code in codes:
            if code not in known:
                raise forms.ValidationError(gettext("There is no region “%(code)s”.") % {"code": code})
        return codes

    def clean_customer_class(self) -> list[str]:
        return words(self.cleaned_data["customer_class"])

    def match(self) -> dict[str, list[str]]:
        """The conditions of this form; what it does not know of a match is kept."""
        known = (*self.ticked, *self.written)
        kept = {name: values for name, values in (self.instance.match or {}).items() if name not in known}
        return kept | {name: list(self.cleaned_data[name]) for name in known if self.cleaned_data.get(name)}

    def _post_clean(self) -> None:
        super()._post_clean()
        self.instance.match = self.match()


def words(text: str) -> list[str]:
    """The words between commas or on lines of their own, each once."""
    for sign in "，、;；\n\r":
        text = text.replace(sign, ",")
    return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))[:MOST_WORDS]
