"""The protocol of WeChat Official Accounts: signatures, the AES envelope, messages in XML. Pure.

The envelope is 16 random bytes, the length of the message in four, the message, the account's app id; padded to 32 bytes and
encrypted by AES-256-CBC with the account's key, of which the first half is the initial vector.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

BLOCK = 32
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class NotWechat(Exception):
    """Not signed by the account's token, or not to be read."""


def signature(parts: Iterable[str]) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def check_signature(given: str, *parts: str) -> None:
    """Raises NotWechat unless `given` signs the parts, of which the token is one."""
    if not hmac.compare_digest(signature(parts).encode(), given.encode("utf-8", "replace")):
        raise NotWechat("signature")


def key_of(encoding_key: str) -> bytes:
    """The 32 bytes of the account's `EncodingAESKey`, 43 letters. Raises NotWechat."""
    try:
        key = base64.b64decode(encoding_key + "=", validate=True)
    except binascii.Error:
        raise NotWechat("key") from None
    if len(key) != 32:
        raise NotWechat("key")
    return key


def decrypt(encrypted: str, *, encoding_key: str, app_id: str) -> bytes:
    """The message in an envelope for this account. Raises NotWechat."""
    key = key_of(encoding_key)
    try:
        sealed = base64.b64decode(encrypted, validate=True)
        reader = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = reader.update(sealed) + reader.finalize()
        padding = plain[-1]
        if not 1 <= padding <= BLOCK or plain[-padding:] != bytes([padding]) * padding:
            raise NotWechat("padding")
        plain = plain[:-padding]
        (length,) = struct.unpack(">I", plain[16:20])
    except (ValueError, IndexError, struct.error, binascii.Error):
        raise NotWechat("envelope") from None
    message, owner = plain[20 : 20 + length], plain[20 + length :]
    if len(message) != length or owner != app_id.encode():
        raise NotWechat("another account")
    return message


def encrypt(message: bytes, *, encoding_key: str, app_id: str, salt: bytes | None = None) -> str:
    key = key_of(encoding_key)
    plain = (salt or secrets.token_bytes(16)) + struct.pack(">I", len(message)) + message + app_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    writer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(writer.update(plain + bytes([padding]) * padding) + writer.finalize()).decode()


def read(body: bytes) -> dict[str, str]:
    """The fields of a message by name, one level deep. Entities and other dangers of XML are refused. Raises NotWechat."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, ValueError, LookupError, RecursionError):
        root = _mended(body)  # WeChat puts into CDATA what was typed, whatever that is
    except DefusedXmlException:
        raise NotWechat("xml") from None
    return {field.tag: (field.text or "").strip() for field in list(root)[:50]}


def _mended(body: bytes) -> Element:
    """The XML without half characters and those that no XML may hold."""
    try:
        return fromstring(_NOT_IN_XML.sub("", body.decode("utf-8", "replace")).encode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise NotWechat("xml") from None


def write(fields: dict[str, str]) -> bytes:
    """An answer: texts in CDATA, numbers bare."""
    inner = "".join(
        f"<{name}>{value}</{name}>"
        if value.isascii() and value.isdigit()
        else f"<{name}><![CDATA[{_cdata(value)}]]></{name}>"
        for name, value in fields.items()
    )
    return f"<xml>{inner}</xml>".encode()


def _cdata(text: str) -> str:
    return text.replace("]]>", "]]]]><![CDATA[>")
