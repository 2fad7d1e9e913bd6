"""The parts of a mail, in order, each with its bytes. Survives every structure: what is too deep becomes one part.

The parser is the library's, under its oldest policy, which keeps headers as they came; their values are read by our own
modules, because the library's raise on what the world sends.
"""

import binascii
import io
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesFeedParser, BytesHeaderParser
from email.policy import compat32
from typing import Any

from feedback.mail.message.parameters import file_name, main_value, parameters
from feedback.mail.message.words import header_text, lenient_base64

DEEPEST = 50
MOST_PARTS = 2_000
MOST_PIECES = 5_000
"""Parts and containers that are parsed; what follows stays in the raw mail."""
DEEPEST_MENDED = 3
_FEED = 8192
MOST_HEADER_LINES = 5_000
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r")
_MBOX = re.compile(rb"\A(?:[ \t]*\r?\n)*(?:>?From [^\r\n]*\r?\n)?")
_FIRST_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,70}?)[ \t]*\r?\n(?=Content-)", re.MULTILINE | re.IGNORECASE)
_OF_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n\f\v"


@dataclass(frozen=True)
class Part:
    """One leaf. `within` names the containers from the outermost: `("multipart/mixed", "multipart/related")`."""

    media_type: str
    data: bytes
    within: tuple[str, ...] = ()
    charset: str = ""
    name: str = ""
    disposition: str = ""
    content_id: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    too_deep: bool = False


def parse(raw: bytes) -> tuple[Message, bool]:
    """The mail, and whether its structure is deeper than the parser can go: then it is one part, as it came."""
    raw = capped(raw[_MBOX.match(raw).end() :])  # type: ignore[union-attr]  # it matches the empty string
    try:
        return parsed(raw), False
    except RecursionError:
        return BytesHeaderParser(policy=compat32).parsebytes(raw), True


def parsed(raw: bytes) -> Message:
    """As the library does it, but ended where there are too many parts: millions fit into a mail, and each takes a kilobyte."""
    pieces: list[Message] = []

    def piece(**options: Any) -> Message:
        pieces.append(Message(**options))
        return pieces[-1]

    parser = BytesFeedParser(piece, policy=compat32)
    for start in range(0, len(raw), _FEED):
        parser.feed(raw[start : start + _FEED])
        if len(pieces) > MOST_PIECES:
            break
    return parser.close()


def capped(raw: bytes) -> bytes:
    """With at most 5,000 lines of headers: a million of them would take the parser long."""
    found = _END_OF_HEADERS.search(raw)
    end = found.start() if found else len(raw)
    if raw.count(b"\n", 0, end) <= MOST_HEADER_LINES:
        return raw
    return b"\n".join(raw[:end].split(b"\n", MOST_HEADER_LINES)[:MOST_HEADER_LINES]) + raw[end:]


def headers(message: Message, name: str) -> list[str]:
    """Every value of a header as it stands there, raw bytes as surrogates. Never raises."""
    name = name.lower()
    return [str(value) for key, value in message.raw_items() if key.lower() == name]


def header(message: Message, name: str) -> str:
    return next(iter(headers(message, name)), "")


def parts(message: Message, *, whole: bool = False) -> Iterator[Part]:
    """The leaves in their order. A mail within a mail is one leaf, `message/rfc822`, and so is what is too deep.

    `whole`: the structure is not to be followed; everything below the headers is one leaf.
    """
    if whole:
        yield leaf(message, "message/rfc822", ())
        return
    waiting: list[tuple[Message, tuple[str, ...]]] = [(message, ())]
    seen = 0
    while waiting and seen < MOST_PARTS:
        piece, within = waiting.pop()
        seen += 1
        kind = media_type_of(piece, within)
        inner = inside(piece, mend=len(within) < DEEPEST_MENDED) if kind.startswith("multipart/") else []
        if not inner:
            yield leaf(piece, "text/plain" if kind.startswith("multipart/") else kind, within)
        elif len(within) < DEEPEST:
            waiting += [(part, (*within, kind)) for part in reversed(inner)]
        else:
            yield leaf(piece, "message/rfc822", within, too_deep=True)


def inside(piece: Message, *, mend: bool) -> list[Message]:
    """The parts of a container; found by its first line when the boundary that it names is not there.

    `mend`: not below what was mended again and again; all that is inside is parsed anew each time.
    """
    if piece.is_multipart() or not mend:
        return submessages(piece)
    data = bytes_of(piece)
    found = _FIRST_BOUNDARY.search(data[:100_000])
    if not found:
        return []
    head = b'Content-Type: multipart/mixed; boundary="' + found[1].replace(b'"', b"") + b'"\n\n'
    return submessages(parsed(head + data))


def submessages(piece: Message) -> list[Message]:
    content = piece.get_payload()
    return [part for part in content if isinstance(part, Message)] if isinstance(content, list) else []


def bytes_of(piece: Message) -> bytes:
    """What stands below the headers of a leaf, not yet decoded."""
    encoding = header(piece, "Content-Transfer-Encoding")
    del piece["Content-Transfer-Encoding"]  # else the library decodes, by rules stricter than the world's
    content = piece.get_payload(decode=True)
    if encoding:
        piece["Content-Transfer-Encoding"] = encoding
    return content if isinstance(content, bytes) else b""


def taken_from(piece: Message) -> bytes:
    data = bytes_of(piece)
    piece.set_payload("")
    return data


def media_type_of(piece: Message, within: tuple[str, ...]) -> str:
    stated = re.sub(r"\s+", "", main_value(header(piece, "Content-Type")))
    if isinstance(piece.get_payload(), list) and not stated.startswith(("multipart/", "message/")):
        return piece.get_content_type()
    if stated.count("/") == 1 and all(stated.split("/")) and stated.isascii():
        return stated
    return "message/rfc822" if within and within[-1] == "multipart/digest" else "text/plain"


def leaf(piece: Message, kind: str, within: tuple[str, ...], *, too_deep: bool = False) -> Part:
    """The part, which takes what the piece holds: a second copy of a large file would stay to the end."""
    stated = parameters(header(piece, "Content-Type"))
    disposition = header(piece, "Content-Disposition")
    given = parameters(disposition, charset=stated.get("charset", ""))
    name = given.get("filename") or given.get("name") or stated.get("name") or stated.get("filename") or ""
    return Part(
        media_type=kind,
        data=content_of(piece),
        within=within,
        charset=stated.get("charset", ""),
        name=file_name(name) or header_text(header(piece, "Content-Description"))[:200] * (kind == "message/rfc822"),
        disposition=main_value(disposition),
        content_id=header_text(header(piece, "Content-ID")).strip("<> "),
        parameters=stated,
        too_deep=too_deep,
    )


def content_of(piece: Message) -> bytes:
    encoding = header(piece, "Content-Transfer-Encoding")
    if not piece.is_multipart():
        return transferred(taken_from(piece), encoding)
    inner = submessages(piece)
    try:
        whole = b"\n".join(written(part) for part in inner)
        coded = len(inner) == 1 and not inner[0].keys()  # a mail within a mail is never to be coded, and sometimes is
        return transferred(whole, encoding) if coded else whole
    except Exception:  # the library writes what it read, and fails at some of it
        return flat_text(piece)


def written(message: Message) -> bytes:
    """A mail within a mail, as bytes again."""
    stream = io.BytesIO()
    BytesGenerator(stream, mangle_from_=False, maxheaderlen=0, policy=compat32).flatten(message)
    return stream.getvalue()


def flat_text(piece: Message) -> bytes:
    """All text below a part, found without going down by recursion."""
    found, waiting = [], [piece]
    while waiting:
        part = waiting.pop()
        waiting += reversed(submessages(part))
        if not part.is_multipart():
            found.append(bytes_of(part))
    return b"\n".join(found)


def transferred(data: bytes, encoding: str) -> bytes:
    """Undo a `Content-Transfer-Encoding`, whatever comes with its name; unknown ones leave the bytes."""
    name = re.sub(r"[^a-z0-9-]", "", encoding.partition(";")[0].lower())
    if name == "quoted-printable":
        return quopri.decodestring(data)
    if name == "base64":
        return with_something_behind(data) if data.translate(None, _OF_BASE64) else lenient_base64(data)
    if name in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        found = uuencoded(data)[0]
        return found[0][1] if found else data
    return data


def with_something_behind(data: bytes) -> bytes:
    """Base64 with lines that are none, as list programs add at the end: those are dropped. None at all: as it is."""
    good = bytearray()
    for line in io.BytesIO(data):
        if not line.translate(None, _OF_BASE64) and b" " not in line.strip():
            good += line.rstrip(b"\n")
    return lenient_base64(bytes(good)) if len(good) * 2 > len(data) else data


_UU = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n((?:[\x20-\x60][^\r\n]{0,100}\r?\n)*?)[ `]?\r?\n?end[ \t]*$", re.MULTILINE
)


def uuencoded(data: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Files written into a text, names and contents, and the text without them."""
    if b"begin " not in data or b"\nend" not in data:
        return [], data
    files: list[tuple[bytes, bytes]] = []

    def taken(found: re.Match[bytes]) -> bytes:
        files.append((found[1], undone(found[2])))
        return b""

    return files, _UU.sub(taken, data, count=MOST_PARTS)


def undone(lines: bytes) -> bytes:
    content = bytearray()
    for line in lines.splitlines():
        try:
            content += binascii.a2b_uu(line)
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3  # some programs write too much
            try:
                content += binascii.a2b_uu(line[:length])
            except binascii.Error:
                continue
    return bytes(content)
