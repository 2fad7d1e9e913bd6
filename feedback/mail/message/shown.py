"""HTML of a stranger made safe to look at: cleaned by an allowlist, its own pictures put in, none fetched from outside.

It is then shown in a frame without scripts, origin and network (S-1); either alone would do.
"""

import base64
import re
from urllib.parse import unquote

import nh3

from feedback.mail.message.files import File
from feedback.mail.message.html import LONGEST as LONGEST_READ

LONGEST = 500_000
DEEPEST = 300
LARGEST_PICTURE = 3 * 2**20
_PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strike", "strong", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "align", "valign"}, "img": {"src", "alt", "width", "height"}, "font": {"color"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "a": {"href"},
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
_CLOSED_BY_THEMSELVES = {
    "br", "hr", "img", "input", "meta", "link", "base", "col", "wbr", "area", "p", "li", "td", "th", "tr", "dt", "dd", "option",
}  # fmt: skip


def safe_page(page: str, files: tuple[File, ...]) -> tuple[str, int]:
    """The cleaned body, and how many pictures from outside were left out. Empty for what is too large or too deep."""
    if len(page) > min(LONGEST, LONGEST_READ) or too_deep(page):
        return "", 0
    pictures = {file.content_id: file for file in files if file.content_id and file.media_type in _PICTURES}
    left_out = 0

    def attribute(tag: str, name: str, value: str) -> str | None:
        nonlocal left_out
        if name == "href":
            return value if value.strip().lower().startswith(("http://", "https://", "mailto:")) else None
        if name != "src":
            return value
        file = pictures.get(unquote(value[4:])) if value[:4].lower() == "cid:" else None
        if file is None or len(file.data) > LARGEST_PICTURE:
            left_out += 1
            return None
        return f"data:{file.media_type};base64,{base64.b64encode(file.data).decode()}"

    clean = nh3.clean(
        page, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=attribute, url_schemes={"http", "https", "mailto", "cid", "data"},
        link_rel="noopener noreferrer nofollow", clean_content_tags={"script", "style", "title"},
    )  # fmt: skip
    return clean, left_out


def too_deep(page: str) -> bool:
    """Fifty thousand tags one in the other would take the cleaner twelve seconds."""
    depth = 0
    for found in _TAG.finditer(page):
        if found[2].lower() not in _CLOSED_BY_THEMSELVES:
            depth += -1 if found[1] else 1
            if depth > DEEPEST:
                return True
    return False
