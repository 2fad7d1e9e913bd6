"""Sentences of the history about several departments."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common import wording as common_wording
from tickets.wording import Names, receiver, register_sentence


def _asked(data: dict[str, Any], names: Names) -> str:
    said = _("Asked %(receiver)s for its part: %(task)s") % {
        "receiver": receiver(data, names), "task": data.get("task", ""),
    }  # fmt: skip
    if not data.get("limit"):
        return said
    by = common_wording.moment(datetime.fromisoformat(data["limit"]))
    return _("%(said)s (by %(moment)s)") % {"said": said, "moment": by}


def _done(data: dict[str, Any], names: Names) -> str:
    return _("%(department)s has done its part: %(text)s") % {
        "department": names.department(data.get("department")), "text": data.get("text", ""),
    }  # fmt: skip


def _waived(data: dict[str, Any], names: Names) -> str:
    return _("The part of %(department)s is waived: %(reason)s") % {
        "department": names.department(data.get("department")), "reason": data.get("reason", ""),
    }  # fmt: skip


def _offered(data: dict[str, Any], names: Names) -> str:
    return _("Offered to %(receiver)s: %(reason)s") % {
        "receiver": receiver(data, names), "reason": data.get("reason", ""),
    }  # fmt: skip


def _taken(data: dict[str, Any], names: Names) -> str:
    return _("Taken over by %(receiver)s") % {"receiver": receiver(data, names)}


def _declined(data: dict[str, Any], names: Names) -> str:
    return _("%(department)s declined to take over: %(reason)s") % {
        "department": names.department(data.get("department")), "reason": data.get("reason", ""),
    }  # fmt: skip


def register() -> None:
    register_sentence("co_assign", _asked)
    register_sentence("co_done", _done)
    register_sentence("co_waive", _waived)
    register_sentence("transfer", _offered)
    register_sentence("accept_transfer", _taken)
    register_sentence("decline_transfer", _declined)
