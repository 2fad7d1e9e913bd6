"""Validators of form and API fields."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.text import is_visible


def validate_visible(text: str) -> None:
    """At least one character can be seen: zero-width marks alone are nothing."""
    if not is_visible(text):
        raise ValidationError(_("Write something that can be read."), code="invisible")


def other_than(*taken: str) -> Callable[[str], None]:
    """For codes that stand in addresses: none that is a page of ours there, such as `new`."""

    def validate(code: str) -> None:
        if code.lower() in taken:
            raise ValidationError(_("This code cannot be used."), code="taken")

    return validate
