"""What forms and serialisers ask of a text."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.text import is_visible


def validate_visible(text: str) -> None:
    if not is_visible(text):
        raise ValidationError(_("Write something that can be read."), code="invisible")
