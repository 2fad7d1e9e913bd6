"""The icons of the lucide set, drawn once each."""

import re
from functools import lru_cache

import lucide
from django.utils.safestring import SafeString, mark_safe

BETWEEN = re.compile(r">\s+<")  # an icon stands on a page a hundred times


@lru_cache(maxsize=512)
def drawing_of(name: str, classes: str) -> SafeString:
    """One icon of the lucide set as inline SVG. An unknown name raises, so that a typo never ships."""
    svg = lucide._render_icon(name, None, **{"class": classes})
    for attribute in (' width="24"', ' height="24"', ' stroke-width="2"', ' stroke="currentColor"', ' fill="none"'):
        svg = svg.replace(attribute, "", 1)
    # safe: the package's drawing, with a name and classes that templates write; nothing that anybody typed comes here
    return mark_safe(BETWEEN.sub("><", svg.replace("<svg", '<svg aria-hidden="true"', 1).replace(" />", "/>")))
