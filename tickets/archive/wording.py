"""Sentences of the history about the archive: holds, keeping, erasure (D6)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from common.wording import day
from tickets.wording import Names, register_sentence


def _held(data: dict[str, Any], names: Names) -> str:
    return _("Put on hold: %(reason)s") % {"reason": data.get("reason", "")}


def _lifted(data: dict[str, Any], names: Names) -> str:
    return _("Hold lifted: %(reason)s") % {"reason": data.get("reason", "")}


def _kept(data: dict[str, Any], names: Names) -> str:
    until = {"until": day(date.fromisoformat(data["until"])), "reason": data.get("reason", "")}
    return _("Kept until %(until)s: %(reason)s") % until


def _erased(data: dict[str, Any], names: Names) -> str:
    return _("Content and personal data erased, list %(list)s") % {"list": data.get("list", "")}


def register() -> None:
    register_sentence("hold", _held)
    register_sentence("hold_lifted", _lifted)
    register_sentence("kept_longer", _kept)
    register_sentence("erase", _erased)
