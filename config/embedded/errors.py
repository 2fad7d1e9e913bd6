"""Errors a person at a terminal reads as one sentence, Chinese first, without a traceback."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from . import urls


class Refused(Exception):
    """What is wrong and what to do about it, in one line of both languages."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} / {english}")


def from_os_error(error: OSError, path: object) -> Refused:
    """The sentence for a directory or file that could not be used."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refused(
            f"磁盘已满,无法写入 {path}。请腾出空间后重试。",
            f"The disk is full at {path}. Free some space and try again.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT):
        return Refused(
            f"无法写入 {path}({os.strerror(error.errno)})。请把 HUISHENG_DATA 指向可写的目录。",
            f"Cannot write to {path} ({os.strerror(error.errno)}). Point HUISHENG_DATA at a directory you may write.",
        )
    return Refused(f"无法使用 {path}:{error}。", f"Cannot use {path}: {error}.")


def sentence_for(error: BaseException) -> str | None:
    """The one line for an error whose cause is the surroundings; None for a fault of the program."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, Refused):
            return str(seen)
        kinds = {kind.__name__ for kind in type(seen).__mro__}
        module = type(seen).__module__
        if isinstance(seen, OSError) and seen.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            return str(from_os_error(seen, seen.filename or "HUISHENG_DATA"))
        if "OperationalError" in kinds and module.startswith(("django.db", "psycopg2")):
            return str(Refused(*urls.database_sentences(str(seen))))
        if "RedisError" in kinds or module.startswith("kombu.exceptions"):
            return str(Refused(*urls.broker_sentences(str(seen))))
        if "EnvError" in kinds or "ImproperlyConfigured" in kinds:
            return str(Refused(f"设置有误:{seen}", f"A setting is wrong: {seen}"))
        seen = seen.__cause__
    return None


@contextmanager
def said_plainly() -> Iterator[None]:
    """Ends the process with one sentence and status 1 for errors of the surroundings (`--traceback` shows all)."""
    try:
        yield
    except Exception as error:
        sentence = sentence_for(error)
        if sentence is None or "--traceback" in sys.argv:
            raise
        sys.exit(" ".join(sentence.split()))
