"""Tracking codes: 128 random bits, shown once, stored hashed; the number alone opens nothing (S-3). Pure."""

import hashlib
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
LENGTH = 26


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
