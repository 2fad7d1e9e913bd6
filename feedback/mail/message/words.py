"""Headers to text: encoded words joined as bytes before they are decoded, raw 8-bit headers, many lines made one."""

import binascii
import re
from collections.abc import Iterator

from common.text import one_line
from feedback.mail.message.charsets import decode

LONGEST = 20_000
"""Characters of one header that are read; the rest is only in the raw mail."""
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


def header_text(value: str, *, charset: str = "") -> str:
    """A header as a person reads it, on one line. `value` carries raw bytes as surrogates (`surrogateescape`)."""
    return one_line(decoded(value, charset=charset))


def decoded(value: str, *, charset: str = "") -> str:
    """`header_text` without the cleaning: file names and addresses are cut out of it."""
    value = value[:LONGEST]
    if "=?" not in value:
        return raw_text(value, charset)
    return "".join(pieces(value, charset))


def pieces(value: str, charset: str) -> Iterator[str]:
    """Plain runs and encoded words in turn. Neighbours in one charset are one run of bytes: a character may be cut."""
    waiting, waiting_charset, end = b"", "", 0
    for found in _WORD.finditer(value):
        between = value[end : found.start()]
        name = found[1].partition("*")[0].lower()
        joined = bool(end) and not between.strip()
        if waiting and not (joined and name == waiting_charset):
            yield decode(waiting, waiting_charset)[0]
            waiting = b""
        if not joined:
            yield raw_text(between, charset)
        waiting, waiting_charset = waiting + word_bytes(found[2], found[3]), name
        end = found.end()
    if waiting:
        yield decode(waiting, waiting_charset)[0]
    yield raw_text(value[end:], charset)


def word_bytes(kind: str, text: str) -> bytes:
    data = as_bytes(text)
    if kind in "qQ":
        return _HEX.sub(lambda found: bytes([int(found[1], 16)]), data.replace(b"_", b" "))
    return lenient_base64(data)


def lenient_base64(data: bytes) -> bytes:
    """Base64 with blanks, without padding, with a piece missing at the end."""
    for padding in (b"", b"=", b"=="):
        try:
            return binascii.a2b_base64(data + padding)
        except binascii.Error:
            continue
    bare = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return binascii.a2b_base64(bare[: len(bare) // 4 * 4])
    except binascii.Error:
        return b""


def raw_text(value: str, charset: str) -> str:
    """A run without encoded words: ASCII, or raw bytes in whatever charset."""
    if value.isascii():
        return value
    return decode(as_bytes(value), charset)[0]


def as_bytes(value: str) -> bytes:
    """The bytes that a header or a body of the parser stands for."""
    try:
        return value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape")
