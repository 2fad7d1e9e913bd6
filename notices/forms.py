"""A template of short messages as the office writes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.models import TO_UNPROVED, SmsTemplate

OCCASIONS = (
    ("replied", _("A reply to the customer")),
    ("question", _("A question to the customer")),
    ("promised", _("A promise by when the answer comes")),
    ("received", _("Feedback has arrived")),
    ("resolved", _("A case is resolved")),
    ("reopened", _("A case is taken up again")),
    ("void", _("A case is void")),
    ("extended", _("The result takes longer")),
    ("improved", _("What became of a suggestion")),
    ("follow_up", _("Did it help?")),
    ("lost_code", _("Who lost the tracking code (the one-time code stands in {text})")),
)
"""The first three are sent by colleagues too; all of them to customers who left a mobile number and no e-mail address."""


class SmsTemplateForm(forms.ModelForm):
    class Meta:
        model = SmsTemplate
        fields = ("kind", "text", "text_en", "approval_number", "is_active")

    kind = forms.ChoiceField(label=_("Occasion"))
    same_number = forms.BooleanField(
        label=_("The operator has approved the new words under the same number"), required=False
    )
    trial = forms.CharField(
        label=_("What is written to the customer"), max_length=2000, required=False, widget=forms.Textarea,
        help_text=_("It stands for {text}. Empty: an example."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        row = self.instance
        taken = set(SmsTemplate.objects.exclude(pk=row.pk).values_list("kind", flat=True))
        offered = [(code, label) for code, label in OCCASIONS if code not in taken]
        if row.pk and row.kind not in dict(offered):
            offered.append((row.kind, row.kind))
        self.fields["kind"].choices = offered
        if row.pk:
            self.fields["kind"].disabled = True
        for name in ("text", "text_en"):
            self.fields[name].widget = forms.Textarea(attrs={"maxlength": 500})
        self.fields["text_en"].help_text = _("For customers who write in English. Empty: the Chinese text.")
        self.fields["approval_number"].help_text = _("Empty: not approved yet. Nothing is sent with this template.")
        if not (row.pk and row.approval_number):
            del self.fields["same_number"]

    def clean(self) -> dict[str, Any]:
        """Operators approve words, not intentions: other words need their own word."""
        given = super().clean() or self.cleaned_data
        if given.get("kind") in TO_UNPROVED:
            for name in ("text", "text_en"):
                if any(f"{{{one}}}" in given.get(name, "") for one in ("subject", "text")):
                    self.add_error(name, _("Nobody has proved this number yet: no word of the sender may stand in it."))
        reworded = {"text", "text_en"} & set(self.changed_data)
        if "same_number" in self.fields and reworded and given.get("approval_number"):
            kept = "approval_number" not in self.changed_data
            if kept and not given.get("same_number"):
                self.add_error(
                    "approval_number",
                    _(
                        "The words have changed. Give the number of their approval, leave it empty until they are approved, "
                        "or say below that the operator has approved them under this one."
                    ),
                )
        return given
