"""Sentences of the history about cases that belong together, and about the first contact."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tickets.handling.wording import joined
from tickets.wording import Names, register_sentence

LEFT = gettext_lazy("the first contact no longer works here")


def _merged(data: dict[str, Any], names: Names) -> str:
    said = _("Merged into %(number)s") % {"number": data.get("into", "")}
    return joined((said, data["reason"])) if data.get("reason") else said


def _unmerged(data: dict[str, Any], names: Names) -> str:
    return _("No longer merged into %(number)s") % {"number": data.get("from", "")}


def _joined(data: dict[str, Any], names: Names) -> str:
    return _("%(number)s was merged into this case") % {"number": data.get("number", "")}


def _linked(data: dict[str, Any], names: Names) -> str:
    return _("Linked with %(number)s") % {"number": data.get("number", "")}


def _split(data: dict[str, Any], names: Names) -> str:
    return _("A second matter became %(number)s: %(subject)s") % {
        "number": data.get("number", ""), "subject": data.get("subject", ""),
    }  # fmt: skip


def _first_contact(data: dict[str, Any], names: Names) -> str:
    return _("First contact from now on: %(person)s. Reason: %(reason)s") % {
        "person": names.person(data.get("person")), "reason": LEFT if data.get("reason") == "person_left" else data.get("reason", ""),
    }  # fmt: skip


def _customer(data: dict[str, Any], names: Names) -> str:
    if data.get("reason") == "not_me":
        return _("Whoever was written to says: this feedback is not mine. The address was taken off the case.")
    said = _("The customer was corrected") if data.get("known") else _("The customer was taken off the case")
    inside = len(data.get("withheld", ()))
    count = ngettext("%(n)s message", "%(n)s messages", inside) % {"n": inside} if inside else ""
    return joined((said, data.get("reason", "")), (_("Not shown to the right customer"), count))


def register() -> None:
    register_sentence("correct_customer", _customer)
    register_sentence("merge", _merged)
    register_sentence("unmerge", _unmerged)
    register_sentence("joined", _joined)
    register_sentence("link", _linked)
    register_sentence("linked", _linked)
    register_sentence("split", _split)
    register_sentence("change_first_contact", _first_contact)
