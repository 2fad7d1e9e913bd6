"""A spreadsheet that is brought in, and in which of its columns each field of ours stands (B2.1)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.validators import validate_visible
from feedback.models import ImportBatch
from feedback.sources import foreign
from tickets.channels import Channel

CHANNELS = [
    (one.value, one.label)
    for one in (
        Channel.REVIEW,
        Channel.SOCIAL,
        Channel.PHONE,
        Channel.EMAIL,
        Channel.LETTER,
        Channel.APP,
        Channel.COUNTER,
    )
]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("CSV or XLSX with a line of headings, at most 10 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Where it comes from"), max_length=60, validators=[validate_visible],
        help_text=gettext_lazy("Such as the name of the platform. The same row of the same source comes in once."),
    )  # fmt: skip
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=CHANNELS)


class ColumnsForm(forms.Form):
    """One choice a field of ours: in which column it stands."""

    def __init__(self, data: Any, batch: ImportBatch) -> None:
        super().__init__(data)
        columns = [("", _("Not in this file"))] + [
            (str(n), f"{name or '?'} ({letter(n)})") for n, name in enumerate(batch.columns)
        ]
        for name, label in foreign.FIELDS.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=columns, required=name == "content", initial=str(batch.mapping.get(name, ""))
            )

    @property
    def mapping(self) -> dict[str, int]:
        return {name: int(column) for name, column in self.cleaned_data.items() if column}


def letter(column: int) -> str:
    """As spreadsheets name it: A … Z, AA …"""
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)
