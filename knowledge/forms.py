"""A question with its answer, as a colleague writes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge.models import WORDS, Article, Problem


class ArticleForm(forms.ModelForm):
    since = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Article
        fields = (*WORDS, "problem")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        told = Problem.objects.filter(state__in=[Problem.State.OPEN, Problem.State.SOLVED])
        if self.instance.problem_id:
            told |= Problem.objects.filter(pk=self.instance.problem_id)
        self.fields["problem"].queryset = told
        self.fields["answer"].label = _("The answer")
        self.fields["question"].help_text = _("One question, as a customer would ask it.")
        self.fields["answer"].help_text = _("The answer first, then what it depends on. Without names of customers.")
        self.fields["words"].help_text = _(
            "What customers call it, separated by spaces; these words find the answer too."
        )
        self.fields["question_en"].help_text = _("Shown in English only where question and answer are both given.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("question_en")) != bool(given.get("answer_en")):
            missing = "answer_en" if given.get("question_en") else "question_en"
            self.add_error(missing, _("Give question and answer in English, or neither."))
        return given

    @property
    def written(self) -> dict[str, str]:
        """With the ends of lines as they were shown: those that browsers send are no change."""
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in WORDS}
