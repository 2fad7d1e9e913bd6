"""Sentences of the history about special groups and improvements."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.wording import listed
from tickets.handling.wording import joined
from tickets.wording import Names, register_sentence


def _formed(data: dict[str, Any], names: Names) -> str:
    every = int(data.get("report_every") or 0)
    hours = ngettext("Leadership is told every %(n)s hour", "Leadership is told every %(n)s hours", every) % {
        "n": every
    }
    members = [names.person(name) for name in data.get("members") or []]
    return joined(
        (_("Special group, led by"), names.person(data.get("leader"))),
        (_("Members"), listed(members)),
        (_("Reports"), hours),
    )


def _improved(label: str, data: dict[str, Any], names: Names) -> str:
    return joined((label, data.get("text")), (_("Improvement"), data.get("improvement")))


def register() -> None:
    register_sentence("form_group", _formed)
    register_sentence("log_work", lambda data, names: joined((_("Log of the special group"), data.get("text"))))
    register_sentence("report_situation", lambda data, names: joined((_("Reported to leadership"), data.get("text"))))
    register_sentence(
        "conclude_group",
        lambda data, names: joined((_("Special report"), data.get("text")), (_("Lessons"), data.get("lessons"))),
    )
    register_sentence("improvement_done", lambda data, names: _improved(_("The improvement is done"), data, names))
    register_sentence(
        "improvement_dropped", lambda data, names: _improved(_("The improvement was dropped"), data, names)
    )
