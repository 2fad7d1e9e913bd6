"""ZIP files that say less of what is in them than there is: what reads them by their word unpacks it all."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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


@contextmanager
def little_memory() -> Iterator[None]:
    """Fails where Python holds more than 40 MB at once in between."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()
