"""What an administrator fills in for a source: where each of our fields stands in its bodies."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError

from common.parsers import loads
from common.validators import other_than, validate_visible
from feedback.models import Source
from feedback.sources.foreign import FIELDS

EXAMPLE = "content = review.text\nrating = review.stars\nname = author.nick\nexternal_id = review.id\nurl = review.link"
_LINE = re.compile(r"([a-z_]+)\s*[=:]\s*(\S{1,200})")
LONGEST_SAMPLE = 100_000


class SourceForm(forms.ModelForm):
    name = forms.CharField(label=_("What it is called"), max_length=100, validators=[validate_visible])
    mapping = forms.CharField(
        label=_("Where each field stands"),
        initial=EXAMPLE,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "One line a field: our name = the way to it in the body, with dots; numbers count in lists from 0."
        ),
    )
    sample = forms.CharField(
        label=_("A body to try it with"),
        required=False,
        max_length=LONGEST_SAMPLE,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("JSON as the other system sends it. It is not kept."),
    )

    class Meta:
        model = Source
        fields = ("code", "name", "name_en", "channel", "bad_stars", "is_active")
        labels = {"name_en": _("English name"), "is_active": _("Take what it sends")}
        help_texts = {"code": _("Part of its address; it stays as it is.")}

    field_order = ("code", "name", "name_en", "channel", "mapping", "bad_stars", "is_active", "sample")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].validators.append(other_than("new", "api"))  # "api" is who hands in without a token
        if self.instance.pk:
            self.fields["code"].disabled = True
            self.initial["mapping"] = "\n".join(f"{name} = {path}" for name, path in self.instance.mapping.items())

    def our_fields(self) -> list[tuple[str, Any]]:
        return list(FIELDS.items())

    def clean_mapping(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self.cleaned_data["mapping"].splitlines():
            if not line.strip():
                continue
            match = _LINE.fullmatch(line.strip())
            if match is None:
                raise ValidationError(_("“%(line)s” is not of the form: field = way.") % {"line": line.strip()[:50]})
            if match[1] not in FIELDS:
                raise ValidationError(_("There is no field “%(name)s”.") % {"name": match[1]})
            found[match[1]] = match[2]
        if "content" not in found:
            raise ValidationError(_("Say where the content stands."))
        return found

    def clean_sample(self) -> Any:
        text = self.cleaned_data["sample"].strip()
        if not text:
            return None
        try:
            return loads(text.encode())
        except ParseError as error:
            raise ValidationError(str(error.detail)) from None

    def save(self, commit: bool = True) -> Source:
        self.instance.mapping = self.cleaned_data["mapping"]
        return super().save(commit)
