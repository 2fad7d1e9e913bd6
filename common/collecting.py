"""The collector of rings of garbage, and work that makes none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """The collector waits until the block ends: it looks through every row of a large batch several times and finds nothing,
    which takes a tenth of the batch's time. For batches of bounded size; what nothing refers to goes as ever.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
