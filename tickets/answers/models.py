"""Answers that colleagues give again and again, with variables (A5.1)."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import NamedInTwoLanguages
from common.wording import in_english
from tickets.workflow import Nature

_PLACE = re.compile(r"\{(\w*)\}")
VARIABLES = ("name", "number", "subject", "company", "handler")


def known_variables(text: str) -> None:
    unknown = sorted({name for name in _PLACE.findall(text) if name not in VARIABLES})
    if unknown:
        raise ValidationError(
            _("Unknown variables: %(names)s. There are %(known)s.")
            % {"names": ", ".join(unknown), "known": ", ".join(f"{{{name}}}" for name in VARIABLES)}
        )


class CannedReply(NamedInTwoLanguages):
    """`resolves` ones answer a simple question at once: the case is resolved with them."""

    text = models.TextField(
        _("text"), validators=[known_variables], help_text=_("{name} {number} {subject} {company} {handler}")
    )
    text_en = models.TextField(_("text in English"), blank=True, validators=[known_variables])
    nature = models.CharField(
        _("for the nature"), max_length=12, choices=Nature, blank=True, help_text=_("Empty: for all.")
    )
    resolves = models.BooleanField(_("answers at once"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")

    def spoken(self, language: str) -> str:
        """In which language somebody of `language` reads it: without English words, in Chinese with Chinese names."""
        return language if self.text_en else "zh-hans"

    def words(self, language: str, given: dict[str, Any]) -> str:
        """The text in the customer's language; a value is put in as it is, never read for variables again."""
        text = self.text_en if in_english(language) and self.text_en else self.text
        return _PLACE.sub(lambda found: str(given.get(found.group(1), found.group(0))), text)
