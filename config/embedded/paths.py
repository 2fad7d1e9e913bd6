"""Directories: where data lies, where sockets lie, and as whom a server runs when we are root."""

import os
import pwd
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .errors import Refused, from_os_error

BASE_DIR = Path(__file__).resolve().parent.parent.parent
LONGEST_SOCKET_DIRECTORY = 107 - len("/.s.PGSQL.5432")  # bytes, of sockaddr_un


@dataclass(frozen=True)
class Account:
    """The unprivileged account that a server is given when we are root."""

    name: str
    uid: int
    gid: int


def data_dir() -> Path:
    """`HUISHENG_DATA`, by default `var` in the checkout."""
    return Path(os.environ.get("HUISHENG_DATA") or BASE_DIR / "var").absolute()


def prepare(data: Path) -> Path:
    """The data directory with what belongs in it, made when missing. Raises `Refused` when it cannot be written."""
    try:
        for directory in (data, data / "run", data / "logs"):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError(13, os.strerror(13), str(directory))
        probe = data / "run" / f"probe.{os.getpid()}"
        probe.write_bytes(b"\0" * 4096)
        probe.unlink()
    except OSError as error:
        raise from_os_error(error, error.filename or data) from error
    return data


def account_for(directory: Path) -> Account | None:
    """As whom to run a server: its directory's owner or `nobody` when we are root, ourselves (None) when not."""
    if os.geteuid() != 0:
        return None
    try:
        owner = directory.stat().st_uid
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except FileNotFoundError:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise Refused(
            "系统中没有可供 PostgreSQL 使用的非特权账户(nobody)。",
            "This system has no unprivileged account (nobody) for PostgreSQL to run as.",
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def own_directory(path: Path, account: Account | None) -> Path:
    """`path` as a directory that only the server's account may enter."""
    path.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)
    return path


def socket_dir(data: Path, kind: str, account: Account | None) -> Path:
    """A directory for sockets: under `data`, or a short private one when that path is too long or too odd for a URL.

    The choice is remembered, so that a restarted server is found at the same address.
    """
    usual = data / "run" / kind
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_DIRECTORY and re.fullmatch(r"[A-Za-z0-9_./-]+", str(usual)):
        return own_directory(usual, account)
    note = data / "run" / f"{kind}.sockets"
    owner = account.uid if account else os.geteuid()
    if note.exists():
        short = Path(note.read_text(encoding="utf-8").strip())
        if _is_private(short, owner):
            return short
    short = own_directory(Path(tempfile.mkdtemp(prefix="huisheng-", dir="/tmp")), account)
    note.write_text(f"{short}\n", encoding="utf-8")
    return short


def drop_socket_dir(data: Path, kind: str, directory: Path) -> None:
    """Removes sockets and, outside `data`, their directory, once the server has ended."""
    for name in directory.iterdir():
        name.unlink(missing_ok=True)
    directory.rmdir()
    if directory.parent != data / "run":
        (data / "run" / f"{kind}.sockets").unlink(missing_ok=True)


def _is_private(path: Path, owner: int) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and stat.S_IMODE(found.st_mode) == 0o700


def reachable_by(path: Path, account: Account | None) -> bool:
    """Whether the account may walk to and run `path` (parents searchable, file readable and executable by others)."""
    if account is None:
        return True
    for part in (path, *path.parents):
        found = part.stat()
        mode = found.st_mode
        allowed = mode >> 6 if found.st_uid == account.uid else mode >> 3 if found.st_gid == account.gid else mode
        if not allowed & 0o1:
            return False
    return True
