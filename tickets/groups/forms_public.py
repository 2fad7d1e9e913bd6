"""What the office tells customers on the public pages: an improvement, and the words before a page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.form_fields import day_picker
from knowledge.models import PageText, Problem, PublicImprovement


class PublicImprovementForm(forms.ModelForm):
    class Meta:
        model = PublicImprovement
        fields = ("said", "did", "said_en", "did_en", "done_on", "problem", "is_public")
        widgets = {"done_on": day_picker()}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        told = Problem.objects.filter(state__in=[Problem.State.OPEN, Problem.State.SOLVED])
        if self.instance.problem_id:
            told |= Problem.objects.filter(pk=self.instance.problem_id)
        self.fields["problem"].queryset = told
        self.fields["problem"].help_text = _("Its number of customers is told with it.")
        self.fields["said"].help_text = _("In one sentence, without names, numbers or places that tell who said it.")
        self.fields["said_en"].help_text = self.fields["did_en"].help_text = _("Empty: the Chinese words are shown.")
        self.fields["is_public"].help_text = _("Only public ones can be read by customers.")


class PageTextForm(forms.ModelForm):
    class Meta:
        model = PageText
        fields = ("text", "text_en")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].help_text = _("Stands under the heading. Empty: the words that come with the program.")
        self.fields["text_en"].help_text = _("Empty: the Chinese words are shown.")
