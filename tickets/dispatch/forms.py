"""Routing rules as an administrator writes them, and the case that is tried out on them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from accounts.region_field import RegionField
from common.form_fields import TextField
from tickets.channels import Channel
from tickets.dispatch import judged, routing
from tickets.dispatch.forms_conditions import ConditionsForm, words
from tickets.models import Category, RoutingRule
from tickets.workflow import Nature


class RoutingRuleForm(ConditionsForm):
    written = ("region", "customer_class", "keyword")
    reserved = {"new", "try", "move"}

    class Meta:
        model = RoutingRule
        fields = ("name", "name_en", "code", "position", "department", "strategy", "is_active")

    keyword = forms.CharField(
        label=_("keywords"), max_length=2000, help_text=_("One of them in the subject or the text is enough; commas between.")
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        departments = Department.objects.all()
        self.fields["department"].queryset = departments.filter(is_active=True) | departments.filter(
            pk=self.instance.department_id
        )
        self.fields["position"].help_text = _("The first rule by these numbers that fits a case decides.")
        if self.instance.pk:
            self.fields["code"].disabled = True

    def clean_keyword(self) -> list[str]:
        return words(self.cleaned_data["keyword"])


class TryForm(forms.Form):
    """A case that might come in; or the number of one that did. What is not stated is judged from the text."""

    number = forms.CharField(label=_("Number of a ticket"), required=False, max_length=30)
    nature = forms.ChoiceField(
        label=_("Nature"), choices=[("", _("as judged from the text")), *Nature.choices], required=False
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    region = RegionField()
    customer_class = forms.CharField(label=_("Customer class"), required=False, max_length=40)
    text = TextField(label=_("Text"), required=False, max_length=2000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.categories = {row.code: row for row in Category.objects.select_related("department")}
        self.fields["category"].choices = [
            ("", _("as judged from the text")),
            *((code, str(row)) for code, row in self.categories.items()),
        ]

    def clean_region(self) -> str:
        row = self.cleaned_data["region"]
        return row.code if row else ""

    def case(self) -> routing.Case:
        given = self.cleaned_data
        self.taken = judged.of_text(given["text"], given["channel"] or Channel.WEB)
        stated = {name: given.get(name) or "" for name in (*routing.CONDITIONS[:-1], "text")}
        return routing.Case(**stated | {name: stated[name] or found for name, found in vars(self.taken).items()})

    def judged(self) -> list[tuple[str, str]]:
        """What the text was taken for, where nothing else was stated: names of conditions with their codes."""
        return [(name, found) for name, found in vars(self.taken).items() if found and not self.cleaned_data[name]]
