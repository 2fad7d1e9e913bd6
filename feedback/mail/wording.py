"""What became of a mail, and why, in words."""

import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.models import RawMessage

MACHINE: dict[str, str | Promise] = {
    "report": gettext_lazy("delivery report"),
    "auto_submitted": gettext_lazy("marked as automatic"),
    "precedence": gettext_lazy("mass mail"),
    "response_suppressed": gettext_lazy("wants no automatic answer"),
    "autoreply": gettext_lazy("automatic answer"),
    "list": gettext_lazy("mailing list"),
    "null_return_path": gettext_lazy("no return address"),
    "loop": gettext_lazy("marked against loops"),
    "robot_address": gettext_lazy("address of a program"),
    "calendar_answer": gettext_lazy("answer of a calendar"),
    "automatic_subject": gettext_lazy("subject of an automatic answer"),
}
_REASONS: dict[str, str | Promise] = MACHINE | {
    "own": gettext_lazy("our own mail"),
    "copy": gettext_lazy("the same mail again"),
    "stranger": gettext_lazy("reference of the case, another address"),
    "colleague": gettext_lazy("under a colleague's name, not checked"),
    "passed_on": gettext_lazy("passed on by a colleague"),
    "archived": gettext_lazy("answer to an archived case"),
    "too_many_reopenings": gettext_lazy("reopened too often this hour"),
    "flood": gettext_lazy("too many new cases from this address"),
    "too deep": gettext_lazy("nested too deeply to be read"),
}


def reason(row: RawMessage) -> str:
    known = _REASONS.get(row.reason)
    return str(known) if known else row.error or row.reason


def folders() -> dict[str, str]:
    return {"failed": _("Failed"), "ignored": _("Left alone"), "waiting": _("Not read yet"), "taken": _("Taken")}


def outcome(row: RawMessage) -> str:
    words: dict[str, Any] = {"ticket": _("new case"), "reply": _("customer's message"), "note": _("internal note")}
    return words.get(row.outcome, "")


def refused(error: str) -> str:
    """What to do where a mailbox could be reached and let nobody in; empty for any other trouble."""
    if not error.startswith("LoginError"):
        return ""
    return _(
        "The server does not take this user name and password. Many providers want an authorisation code in place of the password."
    )


_STATUS = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")  # RFC 3463; the class says how final, the rest why
_WHY: dict[str, str | Promise] = {
    "1.1": gettext_lazy("there is no such mailbox"),
    "1.2": gettext_lazy("there is no such mail server"),
    "1.3": gettext_lazy("the address is written wrongly"),
    "1.10": gettext_lazy("this address takes no mail"),
    "2.1": gettext_lazy("the mailbox is closed"),
    "2.2": gettext_lazy("the mailbox is full"),
    "2.3": gettext_lazy("the mail is too large"),
    "3.4": gettext_lazy("the mail is too large"),
    "1": gettext_lazy("the address was not accepted"),
    "2": gettext_lazy("the mailbox did not take it"),
    "4": gettext_lazy("the recipient's mail server cannot be reached"),
    "7": gettext_lazy("the recipient's mail server refuses our mail"),
}
_ACTIONS: dict[str, str | Promise] = {
    "failed": gettext_lazy("the recipient's mail server gave it back"),
    "delayed": gettext_lazy("not delivered yet, the server tries again"),
    "delivered": gettext_lazy("delivered"),
    "relayed": gettext_lazy("passed on to a server that sends no report"),
    "expanded": gettext_lazy("passed on to a list"),
    "displayed": gettext_lazy("opened by the recipient"),
}


def returned(detail: str) -> str:
    """What a delivery report says, in words, with the server's own beside them; a report without codes speaks for itself."""
    action, _space, said = detail.partition(" ")
    if action not in _ACTIONS:
        action, said = "", detail
    status = _STATUS.search(said)
    why = str(_ACTIONS.get(action, ""))
    if status and action in {"", "failed", "delayed"}:
        code = status[1]
        cause = str(_WHY.get(code) or _WHY.get(code.partition(".")[0]) or "")
        why = _(", ").join(filter(None, (why, cause))) if action == "delayed" else cause or why
    if not why:
        return detail
    first, _space, rest = said.partition(" ")
    if status and first == status[0] and first in rest:  # most servers say their code twice
        said = rest
    return _("%(why)s (%(said)s)") % {"why": why, "said": said} if said else why
