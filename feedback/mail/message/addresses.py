"""Who wrote and to whom: name and address of the broken and of the whole."""

import inspect
import itertools
import re
from dataclasses import dataclass
from email.utils import getaddresses

from common.text import one_line
from feedback.mail.message.words import header_text, raw_text

MOST = 100
"""Recipients that are read; twenty thousand would take seconds."""
_LONGEST = 20_000
_LENIENT = {"strict": False} if "strict" in inspect.signature(getaddresses).parameters else {}
_ADDRESS = re.compile(r"[^\s<>＜＞()\[\],;:\"'@]{1,64}@[^\s<>＜＞()\[\],;:\"'@]{1,255}")
_ODD = re.compile(r'"[^"@]{1,64}"@[^\s@]{1,255}|[^\s@]{1,64}@\[[0-9A-Za-z.:]{1,60}\]')
_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=")
_MASK = "encodedword"
_IN_BRACKETS = re.compile(r"<\s*([^<>@\s]{1,200}@[^<>@\s]{1,255})\s*>")


@dataclass(frozen=True)
class Address:
    name: str = ""
    address: str = ""


def addresses(value: str) -> list[Address]:
    """Everybody in a `From`, `To` or `Cc` as it stands in the mail, encoded words not yet decoded."""
    value = raw_text(value[:_LONGEST], "").replace("\r", "").replace("\n", " ")
    if value.count("(") > 50:  # the library goes one level deeper for each
        return rescued(value)
    words = _WORD.findall(value)
    numbers = itertools.count()
    masked = _WORD.sub(lambda _found: f"{_MASK}{next(numbers)}{_MASK}", value)
    try:
        pairs = [
            (unmasked(name, words), unmasked(address, words)) for name, address in getaddresses([masked], **_LENIENT)
        ]
    except Exception:  # of a library that was not made for this; the address is found by its form
        return rescued(value)
    found = [
        Address(bare_name(name), one_line(address))
        for name, address in pairs[:MOST]
        if _ADDRESS.fullmatch(address) or _ODD.fullmatch(address)
    ]
    return found or rescued(value)


def unmasked(text: str, words: list[str]) -> str:
    """With the encoded words in their places again: what is in them is no syntax."""
    for number, word in enumerate(words) if _MASK in text else ():
        text = text.replace(f"{_MASK}{number}{_MASK}", word)
    return text


def rescued(value: str) -> list[Address]:
    """The first thing in brackets that looks like an address, else the first that does at all."""
    found = _IN_BRACKETS.search(value)
    if found:
        return [Address(bare_name(value[: found.start()]), found[1])]
    found = _ADDRESS.search(value)
    return [Address("", found[0])] if found else []


def bare_name(name: str) -> str:
    return header_text(name).strip(" \"'")


def sender(values: list[str]) -> Address:
    """The first address of the first `From` that holds one; else what stands there as a name."""
    for value in values:
        for found in addresses(value):
            return found
    return Address(bare_name(values[0])[:200] if values else "", "")
