"""A signing key of this installation's own, so that a demo never runs on a published one."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """The key kept in `data`, made on first use, readable by its owner only."""
    file = data / "secret-key"
    try:
        key = file.read_text(encoding="ascii").strip()
        if key:
            return key
    except FileNotFoundError:
        pass
    draft = data / f"secret-key.{os.getpid()}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, file)  # the first one wins when several start at once
    except FileExistsError:
        if not file.read_text(encoding="ascii").strip():
            draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return file.read_text(encoding="ascii").strip()
