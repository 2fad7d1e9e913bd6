"""Tracking codes: 128 random bits, shown once, stored hashed; the number alone opens nothing (S-3). No database.

As the code itself is not kept, links in later mails carry a signed form of it that ends after `SIGNED_DAYS`.
"""

import hashlib
import secrets
from datetime import timedelta

from django.core import signing

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
LENGTH = 26
SIGNED_DAYS = 180
_MARK = "~"  # stands in no code


def new_code() -> str:
    """A fresh code in groups, e.g. `3F7K-9M2X-…`: 26 characters that hold 128 bits."""
    bits = secrets.randbits(128)
    plain = "".join(_ALPHABET[(bits >> (5 * i)) & 31] for i in reversed(range(LENGTH)))
    return "-".join(plain[i : i + 4] for i in range(0, LENGTH, 4))


def normal(code: str) -> str:
    """The code as it is hashed: no blanks or hyphens, upper case, O read as 0, I and L as 1."""
    return "".join(code.upper().translate(_READ_AS).replace("-", "").split())


def digest(code: str) -> str:
    """What is stored and looked up. 128 random bits need no salt or stretching."""
    return hashlib.sha256(normal(code).encode()).hexdigest()


def signed(ticket_id: int, customer_id: int | None) -> str:
    """A code for a message to the customer, e.g. `42.7~1x…~…`: opens the same pages as the code, as long as the case is
    this customer's.
    """
    return signing.TimestampSigner(salt="tickets.tracking", sep=_MARK).sign(f"{ticket_id}.{customer_id or 0}")


def signed_for(code: str) -> tuple[int, int | None] | None:
    """The ticket and the customer of a signed code; None when it is none, is forged or has ended."""
    if _MARK not in code:
        return None
    try:
        signer = signing.TimestampSigner(salt="tickets.tracking", sep=_MARK)
        ticket, _dot, customer = signer.unsign(code, max_age=timedelta(days=SIGNED_DAYS)).partition(".")
        return int(ticket), int(customer) or None
    except (signing.BadSignature, ValueError):
        return None
