"""Bytes to text, in the order of the design: declared, gb18030 for its older names, UTF-8, a guess, replacement.

A mail says what it is written in, and is often wrong: GBK under the name of GB2312 or ISO-8859-1, UTF-8 under none.
"""

import codecs
import re

from charset_normalizer import from_bytes

REPLACED = "\ufffd"
_CHINESE = {
    "gb2312", "gbk", "cp936", "ms936", "xgbk", "xgb2312", "gb18030", "gb180302000", "gb180302005", "gb180302022",
    "gb", "gbcs", "euccn", "eucgb2312cn", "gb231280", "csgb2312", "windows936", "isoir58", "chinese", "936", "gb2312_80",
}  # fmt: skip
_OTHER_NAMES = {
    "hz": "hz", "hzgb2312": "hz", "hzgb": "hz", "iso2022cn": "gb18030", "iso2022cnext": "gb18030",
    "unicode11utf8": "utf-8", "unicode11utf7": "utf-7", "utf8mb4": "utf-8", "unicode": "utf-16", "xmaccyrillic": "mac-cyrillic",
    "big5hkscs": "big5hkscs", "xbig5": "big5hkscs", "big5": "big5hkscs", "cnbig5": "big5hkscs", "windows950": "cp950",
    "ksc56011987": "cp949", "euckr": "cp949", "xsjis": "cp932", "shiftjis": "cp932", "windows31j": "cp932",
    "iso2022jp": "iso2022_jp_ext", "iso88598i": "iso8859-8", "iso88598e": "iso8859-8", "isoir6": "ascii",
}  # fmt: skip
_WESTERN = {"ascii", "iso8859-1", "cp1252", "latin-1", "iso8859-15"}
"""Under these names anything is sent: they are what a program says that does not know."""
_ENOUGH_TO_GUESS = 50_000
_SHIFTED = re.compile(r"[\s\"']*iso-?2022-?cn", re.IGNORECASE)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def decode(data: bytes, declared: str = "", *, meta: str = "") -> tuple[str, bool]:
    """The text, and whether some of it is doubtful. `meta` is what an HTML page says of itself: asked second."""
    if not data:
        return "", False
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark) and (text := strictly(data, name)) is not None:
            return text, False
    codec = known(declared) or known(meta)
    if _SHIFTED.match(declared):
        data = unshifted(data)
    if not _NOT_ASCII.search(data) and (codec is None or codec in _WESTERN | {"utf-8", "gb18030"}):
        return data.decode("ascii"), False
    if codec in _WESTERN and (text := better_than_western(data)) is not None:
        return text, False
    if codec and (text := strictly(data, codec)) is not None and sensible(text, codec, data):
        return text, False
    if (text := strictly(data, "utf-8")) is not None:
        return text, False
    if codec == "utf-8" and mostly_utf8(data):
        return data.decode("utf-8", "replace"), True
    if (text := as_chinese(data)) is not None:
        return text, False
    if codec in {None, "utf-8", "gb18030"} and (text := guessed(data)) is not None:
        return text, codec is not None
    return data.decode(codec or "utf-8", "replace"), True


def unshifted(data: bytes) -> bytes:
    """ISO-2022-CN as the eight-bit form of the same: between SO and SI stands GB2312 without its high bits."""
    data = re.sub(rb"\x1b\$[)*+][A-Z]", b"", data)
    return re.sub(rb"\x0e([^\x0f\r\n]*)\x0f?", lambda found: bytes(byte | 0x80 for byte in found[1]), data)


def known(name: str) -> str | None:
    """Python's name of a declared charset; None for one that is no charset of text."""
    bare = re.sub(r"[^a-z0-9]", "", name.lower()) if len(name) < 100 else ""
    if bare in _CHINESE:
        return "gb18030"
    try:
        info = codecs.lookup(_OTHER_NAMES.get(bare) or name.strip(" \t\"'").lower())
    except (LookupError, ValueError, UnicodeError):
        return None
    return info.name if getattr(info, "_is_text_encoding", True) and info.name not in _NO_TEXT else None


_NO_TEXT = {
    "idna",
    "punycode",
    "unicode_escape",
    "raw_unicode_escape",
    "undefined",
    "unicode-escape",
    "raw-unicode-escape",
}


def strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError, OverflowError):
        return None


def sensible(text: str, codec: str, data: bytes) -> bool:
    """Some charsets decode almost anything: right only when that gives characters that people write."""
    if codec == "gb18030":
        odd = sum("\ue000" <= char <= "\uf8ff" for char in text)  # characters that nobody writes: it is Big5
        return (strictly(data, "utf-8") is None and odd * 10 < len(text)) or as_chinese(data) is not None
    if codec.startswith(("utf-16", "utf-32")):
        return "\0" not in text and sum(char.isprintable() or char.isspace() for char in text) > 0.9 * len(text)
    return True


def better_than_western(data: bytes) -> str | None:
    """UTF-8 or GBK sent under a western name. Accented letters stand alone between ASCII; Chinese stands in pairs."""
    text = strictly(data, "utf-8")
    return text if text is not None else as_chinese(data)


def as_chinese(data: bytes) -> str | None:
    """As GB18030 when that reads like Chinese: mostly characters of GB2312, which no western text gives by chance."""
    text = strictly(data, "gb18030")
    if text is None:
        text = strictly(data[:-1], "gb18030")  # cut inside the last character
    if text is None:
        return None
    wide = [char for char in text if char > "\x7f"]
    plain = sum(common(char) for char in wide)
    return text if wide and plain >= 0.7 * len(wide) else None


def common(char: str) -> bool:
    """Of GB2312's first 3,755 characters or its punctuation: what ordinary Chinese is written in."""
    try:
        row = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= row <= 0xD7 or row in {0xA1, 0xA3}


def mostly_utf8(data: bytes) -> bool:
    """UTF-8 with some damage, or cut off, is still UTF-8."""
    text = data.decode("utf-8", "replace")
    good = sum(char > "\x7f" and char != REPLACED for char in text)
    return good > 3 * text.count(REPLACED) or (good > 0 and text.find(REPLACED) == len(text) - 1)


def guessed(data: bytes) -> str | None:
    best = from_bytes(data[:_ENOUGH_TO_GUESS]).best()
    return strictly(data, best.encoding) if best else None
