"""A policy and the cases it is for: its own fields, and its conditions ticked."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Region
from sla.models import SlaPolicy
from tickets.channels import Channel
from tickets.models import Category
from tickets.workflow import Nature, Tier

TICKED = ("tier", "nature", "channel", "category", "department")
WRITTEN = ("region", "customer_class")
RESERVED = {"new", "apply"}  # addresses beside the policies' own


class PolicyForm(forms.ModelForm):
    """What this form does not know of a match is kept."""

    class Meta:
        model = SlaPolicy
        fields = ("code", "name", "name_en", "position", "is_default", "active_from", "active_to")
        labels = {
            "position": _("position"), "is_default": _("default"), "active_from": _("in force from"),
            "active_to": _("in force until"),
        }  # fmt: skip
        help_texts = {
            "position": _("The first policy by these numbers that fits a case holds."),
            "is_default": _("For cases that no other policy fits; only one can be it."),
        }

    tier = forms.MultipleChoiceField(label=_("tier"), choices=Tier.choices)
    nature = forms.MultipleChoiceField(label=_("nature"), choices=Nature.choices)
    channel = forms.MultipleChoiceField(label=_("channel"), choices=Channel.choices)
    category = forms.MultipleChoiceField(label=_("category"))
    department = forms.MultipleChoiceField(label=_("department"))
    region = forms.CharField(
        label=_("region"), max_length=1000, help_text=_("Codes of six digits, for example 440300 for all of Shenzhen.")
    )
    customer_class = forms.CharField(
        label=_("customer class"), max_length=1000, help_text=_("As the register names them, with commas between.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        held = self.instance.match
        self.fields["category"].choices = [(row.code, str(row)) for row in Category.objects.all()]
        self.fields["department"].choices = [
            (row.code, str(row)) for row in Department.objects.all() if row.is_active or row.code in held.get("department", [])
        ]  # fmt: skip
        for name in TICKED:
            self.fields[name].required = False
            self.fields[name].widget = forms.CheckboxSelectMultiple(choices=self.fields[name].choices)
            self.fields[name].help_text = _("None ticked: all of them.")
            self.initial[name] = held.get(name, [])
        for name in WRITTEN:
            self.fields[name].required = False
            self.initial[name] = ", ".join(held.get(name, []))
        for field in self.fields.values():
            field.label = capfirst(field.label)
        for name in ("active_from", "active_to"):
            if isinstance(self.fields[name], forms.DateTimeField):  # the administration has two fields for it
                self.fields[name].widget = forms.DateTimeInput(
                    attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
                )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code in RESERVED:
            raise forms.ValidationError(_("This code cannot be used."))
        return code

    def clean_region(self) -> list[str]:
        codes = listed(self.cleaned_data["region"])
        known = set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
        for code in codes:
            if code not in known:
                raise forms.ValidationError(gettext("There is no region “%(code)s”.") % {"code": code})
        return codes

    def clean_customer_class(self) -> list[str]:
        return listed(self.cleaned_data["customer_class"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begin, end = data.get("active_from"), data.get("active_to")
        if begin and end and end <= begin:
            self.add_error("active_to", _("The end lies before the beginning."))
        if not self.errors and not data.get("is_default") and not self.match():
            self.add_error(None, _("Say which cases this policy is for, or make it the default; else it fits none."))
        return data

    def match(self) -> dict[str, Any]:
        known = (*TICKED, *WRITTEN)
        kept = {name: values for name, values in self.instance.match.items() if name not in known}
        return kept | {name: self.cleaned_data[name] for name in known if self.cleaned_data.get(name)}

    def save(self, commit: bool = True) -> SlaPolicy:
        self.instance.match = self.match()
        return super().save(commit)


def listed(text: str) -> list[str]:
    """The words between commas, each once."""
    return list(
        dict.fromkeys(word.strip() for word in text.replace("，", ",").replace("、", ",").split(",") if word.strip())
    )


class NewPolicyForm(PolicyForm):
    """A policy begins with the limits of another one."""

    like = forms.ModelChoiceField(SlaPolicy.objects.none(), label=_("Limits as in"), to_field_name="code")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["like"].queryset = SlaPolicy.objects.order_by("-is_default", "position")
        self.fields["like"].empty_label = None

    def save(self, commit: bool = True) -> SlaPolicy:
        policy = super().save(commit)
        for target in self.cleaned_data["like"].targets.all():
            target.pk, target._state.adding, target.policy = None, True, policy
            target.save()
        return policy
