"""HTML as PDF. The renderer may read our own static files, pictures that stand in the page, the machine's fonts, and nothing
else (S-5).
"""

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

BASE = "static:/"
TYPES = {"css": "text/css", "svg": "image/svg+xml"}
FONTS = (".ttf", ".otf", ".ttc")


class RefusedAddress(ValueError):
    """The document names something that is not a static file of ours."""


class StaticFilesOnly(URLFetcher):
    """`static:/css/report.css` is looked up among the static files; every other address is refused.

    A drawing that stands in the page itself, such as a QR code, is no address; a style sheet's `local("Arial")` is asked
    for as the file that the machine keeps it in.
    """

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith("data:image/svg+xml"):
            return super().fetch(url, headers)
        parts = urlsplit(url)
        if parts.scheme == "file" and not parts.netloc and is_font(unquote(parts.path)):
            return super().fetch(url, headers)
        path = parts.path.lstrip("/")
        kind = TYPES.get(path.rpartition(".")[2])
        found = finders.find(path) if parts.scheme == "static" and not parts.netloc and kind else None
        if not found:
            raise RefusedAddress(url)
        with open(str(found), "rb") as file:
            return URLFetcherResponse(url, file.read(), {"Content-Type": kind})


def is_font(path: str) -> bool:
    """By its name, and by that of the file that a link leads to."""
    return path.lower().endswith(FONTS) and os.path.realpath(path).lower().endswith(FONTS)


def pdf_of(html: str) -> bytes:
    return HTML(string=html, base_url=BASE, url_fetcher=StaticFilesOnly()).write_pdf()
