"""Texts that an operator has approved for short messages."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.wording import in_english

_PLACE = re.compile(r"\{(\w*)\}")
VARIABLES = ("company", "number", "subject", "text", "url")


def known_variables(text: str) -> None:
    unknown = sorted({name for name in _PLACE.findall(text) if name not in VARIABLES})
    if unknown:
        raise ValidationError(
            _("Unknown variables: %(names)s. There are %(known)s.")
            % {"names": ", ".join(unknown), "known": ", ".join(f"{{{name}}}" for name in VARIABLES)}
        )


class SmsTemplate(models.Model):
    """The words for one kind of notice. Without the operator's number of approval 报备号 nothing is sent with it."""

    kind = models.SlugField(_("occasion"), max_length=50, unique=True, help_text=_("replied, question …"))
    text = models.CharField(
        _("text"),
        max_length=500,
        validators=[known_variables],
        help_text=_("{company} {number} {subject} {text} {url}"),
    )
    text_en = models.CharField(_("text in English"), max_length=500, blank=True, validators=[known_variables])
    approval_number = models.CharField(
        _("approval number of the operator"), max_length=60, blank=True, help_text=_("Empty: not approved yet.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["kind"]
        verbose_name = _("SMS template")
        verbose_name_plural = _("SMS templates")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="sms_template_says_something")]

    def __str__(self) -> str:
        return self.kind

    @property
    def is_approved(self) -> bool:
        return self.is_active and bool(self.approval_number)

    def words(self, language: str, given: dict[str, Any]) -> tuple[str, dict[str, str]]:
        """The text, and the values that stand in it, by name."""
        text = self.text_en if in_english(language) and self.text_en else self.text
        used = {name: str(given.get(name) or "") for name in _PLACE.findall(text) if name in VARIABLES}
        return _PLACE.sub(lambda found: used.get(found.group(1), ""), text), used
