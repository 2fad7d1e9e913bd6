"""The words of what clocks and their events hold as codes: reasons, lengths."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

REASONS: dict[str, str | Promise] = {
    "waiting": _("waiting for the customer"),
    "no answer": _("the customer did not answer in time"),
    "re-levelled": _("classed anew"),
    "resolved": _("resolved"),
    "reopened": _("reopened"),
    "reassigned": _("assigned anew"),
    "planned anew": _("planned anew"),
    "waived": _("waived by the office"),
    "archived": _("archived"),
    "promised anew": _("promised anew"),
    "agreed anew": _("agreed anew"),
    "asked again": _("asked again"),
    "void": _("declared void"),
    "restored": _("restored"),
    "no longer asked for": _("no longer asked for"),
    "policy": _("policy applied to open tickets"),
    "calendar": _("calendar changed"),
}

LENGTHS: dict[str, Any] = {
    "s": ngettext_lazy("%(n)s second", "%(n)s seconds", "n"),
    "m": ngettext_lazy("%(n)s minute", "%(n)s minutes", "n"),
    "h": ngettext_lazy("%(n)s hour", "%(n)s hours", "n"),
    "wm": ngettext_lazy("%(n)s working minute", "%(n)s working minutes", "n"),
    "wh": ngettext_lazy("%(n)s working hour", "%(n)s working hours", "n"),
    "wd": ngettext_lazy("%(n)s working day", "%(n)s working days", "n"),
    "d": ngettext_lazy("%(n)s natural day", "%(n)s natural days", "n"),
}


def length(amount: int, unit: str) -> str:
    """A limit in words: “1 working day”. Whole hours and minutes are named so, also where seconds are kept."""
    for larger, seconds in ("h", 3600), ("m", 60):
        if unit == "s" and amount >= seconds and amount % seconds == 0:
            amount, unit = amount // seconds, larger
    return str(LENGTHS[unit] % {"n": amount})
