"""Where to go after something was done: an address that came with the request, if it is one of this site (S-13)."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def wanted(request: HttpRequest, otherwise: str = "/") -> str:
    """`next` of the form, else of the address, when it is a path from the root of this site; else `otherwise`.

    A relative one goes home too: `%2f%2fevil.example` leads nowhere below the page that one stands on, and out of the house
    behind a proxy that unescapes it.
    """
    told = request.POST.get("next") or request.GET.get("next") or ""
    return told if told.startswith("/") and url_has_allowed_host_and_scheme(told, None) else otherwise
