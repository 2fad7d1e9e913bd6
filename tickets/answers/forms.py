"""A canned reply as the office writes it, with the case that it is tried out on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import CannedReply
from tickets.workflow import Nature


class CannedReplyForm(forms.ModelForm):
    class Meta:
        model = CannedReply
        fields = ("name", "name_en", "text", "text_en", "nature", "resolves", "position", "is_active")

    number = forms.CharField(
        label=_("ticket number"), max_length=40, required=False, help_text=_("Empty: with a made-up case.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["nature"].choices = [("", _("every case")), *Nature.choices]
        self.fields["position"].help_text = _("Lower numbers stand first in the list.")
        self.fields["text_en"].help_text = _("For customers who write in English. Empty: the Chinese text.")
        self.fields["resolves"].help_text = _("For simple questions: the case is resolved with this answer.")
        self.fields["is_active"].help_text = _("Only active ones are offered.")
