"""ZIP files that say less of what is in them than there is: what reads them by their word unpacks it all."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.memory import grown_while

TRULY, SAID = 150 * 2**20, 50  # bytes
METHODS = [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


def lying(name: str, *, method: int, more: Callable[[zipfile.ZipFile], None] = lambda packed: None) -> bytes:
    """With an entry of 150 MB that is said to have 50 bytes; `more` writes what stands beside it."""
    zeros, out = bytes(TRULY), io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, zeros, compress_type=method)
        more(packed)
    content = out.getvalue()
    for truth, word in ((TRULY, SAID), (zlib.crc32(zeros), zlib.crc32(zeros[:SAID]))):
        content = content.replace(struct.pack("<I", truth), struct.pack("<I", word))
    return content


def refused(error: type[Exception], work: Callable[[], Any]) -> float:
    """How many MB it took to refuse it."""

    def tried() -> None:
        with pytest.raises(error):
            work()

    return grown_while(tried)[1]
