"""A suggestion box, and the record of its opening (C2.3)."""

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.form_fields import moment_picker
from feedback.forms import MOMENTS, LineField
from feedback.forms_register import places
from feedback.paper.models import Box


class BoxForm(forms.ModelForm):
    class Meta:
        model = Box
        fields = ["number", "place", "region", "keeper", "every_days", "is_active"]
        field_classes = {"place": LineField}  # it is printed: no mark that turns it round, nor one that nobody sees

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["keeper"].queryset = User.objects.active().exclude(roles=[]).order_by("username")
        provinces, cities = places()
        self.fields["region"].choices = [*BLANK_CHOICE_DASH, (_("Provinces"), provinces), *cities]
        if self.instance.pk:
            self.fields["number"].disabled = True  # it stands on the box and on every record
        self.fields["every_days"].min_value = 1

    def clean_every_days(self) -> int:
        days = self.cleaned_data["every_days"]
        if not 1 <= days <= 90:
            raise forms.ValidationError(_("From 1 to 90 days."))
        return days


class OpeningForm(forms.Form):
    opened_at = forms.DateTimeField(
        label=gettext_lazy("Opened at"), input_formats=MOMENTS,
        widget=moment_picker(),
    )  # fmt: skip
    opener = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Opened by"), to_field_name="username", empty_label=None
    )
    witness = LineField(
        label=gettext_lazy("Witness"), max_length=100, help_text=gettext_lazy("Who stood by and counted too.")
    )
    count = forms.IntegerField(label=gettext_lazy("Slips found"), min_value=0, max_value=2000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["opener"].queryset = User.objects.active().exclude(roles=[]).order_by("username")
