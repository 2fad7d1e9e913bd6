"""Pages that belong to no app: the chosen theme, and the page that shows every component."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_POST, require_safe

from common import specimens, ways_back
from common.context import THEMES

YEAR = 365 * 24 * 3600


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie, so that the server draws it from the first byte; anything else clears it."""
    response = HttpResponseRedirect(ways_back.wanted(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme")
    return response


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """What browsers ask for on pages that name no icon, such as the administration."""
    return HttpResponseRedirect(static("brand.svg"))


@require_safe
def states(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for ourselves: development and demo only."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "ui/states.html", specimens.context())
