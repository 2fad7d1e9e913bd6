"""Validators of form and API fields."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.text import is_visible


def validate_visible(text: str) -> None:
    """At least one character can be seen: zero-width marks alone are nothing."""
    if not is_visible(text):
        raise ValidationError(_("Write something that can be read."), code="invisible")
