"""A place is asked for by its name, as people know it; the six digits of its code are taken as well."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, full_name_in


def names() -> list[str]:
    """Provinces and cities as the reader calls them, for what a field of places offers while one types. One query."""
    rows = Region.objects.filter(level__lte=Region.Level.CITY).values_list("code", "full_name")
    return [full_name_in(get_language() or "", *row) for row in rows]


def named(wish: str) -> Region:
    """The place of a code or a name, in either language; a city before a county of its name. One query. ValidationError."""
    said = Q(code=wish) | Q(full_name=wish) | Q(name=wish) | Q(name_en__iexact=wish.partition(",")[0].strip())
    found = list(Region.objects.filter(said).order_by("level", "code")[:20])
    found = [row for row in found if wish in {row.code, row.full_name, row.local_full_name}] or found
    if not found or ("," in wish and wish != found[0].local_full_name):
        raise ValidationError(gettext("No region has this code or name."))
    if len(found) > 1 and found[0].level == found[1].level:
        raise ValidationError(gettext("Several regions have this name; give the full name or the code."))
    return found[0]


class RegionField(forms.CharField):
    """Cleans to a region or None. Where the page holds `ui/regions.html`, its names are offered."""

    widget = forms.TextInput(attrs={"list": "regions", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        usual = {"label": _("Region"), "help_text": _("Code or name, for example 杭州市")}
        super().__init__(**{"required": False, "max_length": 100} | usual | options)

    def clean(self, value: Any) -> Any:
        wish = super().clean(value)
        return named(wish) if wish else None
