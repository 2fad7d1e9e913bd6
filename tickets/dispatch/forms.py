"""Routing rules as an administrator writes them, and the case that is tried out on them."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Region
from tickets.channels import Channel
from tickets.dispatch import routing
from tickets.forms import TextField
from tickets.models import Category, RoutingRule
from tickets.workflow import Nature

TICKED = ("nature", "channel", "category")
WRITTEN = ("region", "customer_class", "keyword")
RESERVED = {"new", "try", "move"}  # addresses beside the rules' own
MOST_WORDS = 200


class RoutingRuleForm(forms.ModelForm):
    class Meta:
        model = RoutingRule
        fields = ("name", "name_en", "code", "position", "department", "strategy", "is_active")

    nature = forms.MultipleChoiceField(label=_("nature"), choices=Nature.choices)
    channel = forms.MultipleChoiceField(label=_("channel"), choices=Channel.choices)
    category = forms.MultipleChoiceField(label=_("category"))
    region = forms.CharField(
        label=_("region"), max_length=1000, help_text=_("Codes of six digits, for example 440300 for all of Shenzhen.")
    )
    customer_class = forms.CharField(
        label=_("customer class"), max_length=1000, help_text=_("As the register names them, with commas between.")
    )
    keyword = forms.CharField(
        label=_("keywords"), max_length=2000, help_text=_("One of them in the subject or the text is enough; commas between.")
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        held = self.instance.match or {}
        self.fields["category"].choices = [(row.code, str(row)) for row in Category.objects.all()]
        departments = Department.objects.all()
        self.fields["department"].queryset = departments.filter(is_active=True) | departments.filter(
            pk=self.instance.department_id
        )
        self.fields["position"].help_text = _("The first rule by these numbers that fits a case decides.")
        for name in TICKED:
            self.fields[name].required = False
            self.fields[name].widget = forms.CheckboxSelectMultiple(choices=self.fields[name].choices)
            self.fields[name].help_text = _("None ticked: all of them.")
            self.initial[name] = held.get(name, [])
        for name in WRITTEN:
            self.fields[name].required = False
            self.initial[name] = ", ".join(held.get(name, []))
        if self.instance.pk:
            self.fields["code"].disabled = True
        for field in self.fields.values():
            field.label = capfirst(field.label)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code in RESERVED:
            raise forms.ValidationError(_("This code cannot be used."))
        return code

    def clean_region(self) -> list[str]:
        codes = words(self.cleaned_data["region"])
        known = set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
        for code in codes:
            if code not in known:
                raise forms.ValidationError(gettext("There is no region “%(code)s”.") % {"code": code})
        return codes

    def clean_customer_class(self) -> list[str]:
        return words(self.cleaned_data["customer_class"])

    def clean_keyword(self) -> list[str]:
        return words(self.cleaned_data["keyword"])

    def match(self) -> dict[str, list[str]]:
        given = {name: self.cleaned_data.get(name) or [] for name in routing.CONDITIONS}
        return {name: list(values) for name, values in given.items() if values}

    def _post_clean(self) -> None:
        super()._post_clean()
        self.instance.match = self.match()


def words(text: str) -> list[str]:
    """The words between commas or on lines of their own, each once."""
    for sign in "，、;；\n\r":
        text = text.replace(sign, ",")
    return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))[:MOST_WORDS]


class TryForm(forms.Form):
    """A case that might come in; or the number of one that did."""

    number = forms.CharField(label=_("Number of a ticket"), required=False, max_length=30)
    nature = forms.ChoiceField(label=_("Nature"), choices=Nature.choices, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    region = forms.CharField(label=_("Region"), required=False, max_length=6)
    customer_class = forms.CharField(label=_("Customer class"), required=False, max_length=40)
    text = TextField(label=_("Text"), required=False, max_length=2000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.categories = {row.code: row for row in Category.objects.select_related("department")}
        self.fields["category"].choices = [
            ("", _("None")),
            *((code, str(row)) for code, row in self.categories.items()),
        ]

    def case(self) -> routing.Case:
        given = self.cleaned_data
        return routing.Case(**{name: given.get(name) or "" for name in (*TICKED, "region", "customer_class", "text")})
