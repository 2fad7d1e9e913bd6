"""Bodies as strangers send them: JSON refused by name when it is broken, too large, too deep or holds what no text may hold."""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser

from common.text import one_line

DEEPEST = 50


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too-large"

    def __init__(self) -> None:
        super().__init__(_("The body is larger than %(mb)s MB.") % {"mb": largest() / 2**20})


def largest() -> int:
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class BadField(ParseError):
    """What no database stores, and in which field it stands (`errors` of the problem); empty: in the body itself."""

    def __init__(self, field: str, told: str) -> None:
        super().__init__(told)
        self.errors = {field or "non_field_errors": [told]}


class SafeJSONParser(BaseParser):
    """UTF-8 JSON of at most `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes, 50 levels, finite numbers, storable text."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        declared = stream.META.get("CONTENT_LENGTH") if hasattr(stream, "META") else None
        if declared and declared.isdigit() and int(declared) > largest():
            raise TooLarge
        body = stream.read(largest() + 1)
        if len(body) > largest():
            raise TooLarge
        return loads(body)


class WholeMultiPartParser(MultiPartParser):
    """A form with files; one of which nothing can be read is refused, where Django would take it for an empty one."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> DataAndFiles:
        found = super().parse(stream, media_type, parser_context)
        declared = parser_context["request"].META.get("CONTENT_LENGTH", "") if parser_context else ""
        _type, given = parse_header_parameters(media_type or "")
        empty = len(f"--{given.get('boundary', '')}--") + 2 * len("\r\n")
        if not found.data and not found.files and declared.isdigit() and int(declared) > empty:
            raise ParseError(_("No named part can be read in this form."))
        return found


def loads(body: bytes) -> Any:
    """Raises ParseError; never RecursionError, ValueError or UnicodeError."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant, object_pairs_hook=_each_once)
    except UnicodeDecodeError:
        raise ParseError(_("The body is not UTF-8.")) from None
    except RecursionError:
        raise ParseError(_too_deep()) from None
    except ValueError as error:
        raise ParseError(_("The body is not JSON: %(error)s") % {"error": error}) from None
    _check(value)
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice would mean one thing here and another to whoever reads the same body elsewhere."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _count = Counter(name for name, _value in pairs).most_common(1)[0]
        raise BadField(one_line(twice)[:100], _("This name stands twice in one object."))
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _too_deep() -> str:
    return _("The JSON is nested deeper than %(levels)s levels.") % {"levels": DEEPEST}


def _check(value: Any) -> None:
    """Walk without recursion: depth, text that no database stores, numbers that are none."""
    level: list[tuple[str, Any]] = [("", value)]
    for _depth in range(DEEPEST + 1):
        if not level:
            return
        deeper: list[tuple[str, Any]] = []
        for field, item in level:
            if isinstance(item, str):
                _check_text(field, item)
            elif isinstance(item, float) and not math.isfinite(item):
                raise BadField(field, _("A number is too large."))
            else:
                deeper.extend(_children(field, item))
        level = deeper
    if level:
        raise ParseError(_too_deep())


def _children(field: str, item: Any) -> Iterator[tuple[str, Any]]:
    """What lies inside, by its own name (`customer.phone`); a name is looked at too, as part of what holds it."""
    before = f"{field}." if field else ""
    if isinstance(item, dict):
        for name, value in item.items():
            yield field, name
            yield before + name, value
    elif isinstance(item, list):
        yield from ((f"{before}{place}", value) for place, value in enumerate(item))


def _check_text(field: str, text: str) -> None:
    if "\0" in text:
        raise BadField(field, _("The text holds a NUL character."))
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise BadField(field, _("The text holds half a character (a lone surrogate)."))
