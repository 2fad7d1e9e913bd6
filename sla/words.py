"""The words of the codes that clocks' events carry as reasons."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    "no longer asked for": _("no longer asked for"),
    "policy": _("policy applied to open tickets"),
    "calendar": _("calendar changed"),
}
