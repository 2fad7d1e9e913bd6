"""A common problem in words, and its special study (C5.2)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.form_fields import day_picker
from feedback.forms import ProseField
from knowledge.models import Study


class TitleForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    summary = ProseField(
        label=gettext_lazy("Summary"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class StudyForm(forms.ModelForm):
    class Meta:
        model = Study
        fields = ("owner", "goal", "due_on", "findings")
        widgets = {
            "due_on": day_picker(),
            "goal": forms.Textarea(attrs={"rows": 2}), "findings": forms.Textarea(attrs={"rows": 4}),
        }  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = User.objects.active().order_by("username")
