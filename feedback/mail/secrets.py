"""Passwords of mailboxes, encrypted with a key made from the installation's: a copy of the database opens no mailbox."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def sealed(password: str) -> bytes:
    return _fernet().encrypt(password.encode())


def opened(box: bytes | memoryview | None) -> str:
    """Empty when there is none, or `SECRET_KEY` was changed: then it has to be entered again."""
    try:
        return _fernet().decrypt(bytes(box)).decode() if box else ""
    except InvalidToken:
        return ""


def _fernet() -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"huisheng mailbox password")
    return Fernet(base64.urlsafe_b64encode(made.derive(settings.SECRET_KEY.encode())))
