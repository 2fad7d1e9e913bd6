"""Fields of forms that mean the same on every page: what people write, and the days and moments that they choose."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import clean
from common.validators import validate_visible


class Unchanged(dict[str, forms.Field]):
    """Fields that no form of a class changes are not copied for each: that costs more than reading what was sent."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


class TextField(forms.CharField):
    """Text that people read: line ends made even, invisible signs dropped, never only blanks."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20_000)
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(validators=[validate_visible], **options)

    def clean(self, value: Any) -> str:
        return clean(super().clean(value))


class MomentField(forms.DateTimeField):
    """A moment as browsers enter it, in the organisation's time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=moment_picker(), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **options)

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment is not None and not 2000 <= moment.year <= 2100:
            raise forms.ValidationError(_("Enter a date between 2000 and 2100."))
        return moment


def day_picker() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def moment_picker() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
