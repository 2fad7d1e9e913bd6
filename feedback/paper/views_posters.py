"""Posters for shops, counters and stations: a QR code that leads to the form with the place filled in (A2.1 C2.1)."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import role_required
from accounts.roles import Role
from common import printed, qr
from common.text import one_line
from feedback.forms import ProseField

MOST = 50
LONGEST = 100


class PlacesForm(forms.Form):
    places = ProseField(
        label=gettext_lazy("Places"),
        help_text=gettext_lazy("One a line, as it should stand on the poster and in the form. One sheet each."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    language = forms.ChoiceField(label=gettext_lazy("Language of the posters"), choices=printed.LANGUAGES)

    def clean_places(self) -> list[str]:
        places = list(dict.fromkeys(filter(None, map(one_line, self.cleaned_data["places"].splitlines()))))
        if len(places) > MOST:
            raise ValidationError(_("At most %(most)s places at once.") % {"most": MOST})
        if any(len(place) > LONGEST for place in places):
            raise ValidationError(_("A place has at most %(most)s characters.") % {"most": LONGEST})
        return places


def address_of(place: str) -> str:
    return settings.PUBLIC_BASE_URL.rstrip("/") + reverse("feedback:form") + "?" + urlencode({"place": place})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OFFICE, Role.AGENT)
def posters(request: HttpRequest) -> HttpResponse:
    """Nothing is stored. By POST, for fifty places are longer than an address may be; a few may stand in a bookmark."""
    language = printed.language_asked(request)
    given = request.POST or request.GET
    form = PlacesForm(given.dict() | {"language": language} if given else None, initial={"language": language})
    places = form.cleaned_data["places"] if form.is_bound and form.is_valid() else []
    sheets = [(place, qr.data_uri(address_of(place))) for place in places]
    shown = printed.rendered("feedback/_posters.html", {"sheets": sheets}, request)
    context = {"form": form, "sheets": sheets, "printed": shown, "paper_language": language}
    return render(request, "feedback/posters.html", context, status=422 if form.errors else 200)
