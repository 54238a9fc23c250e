"""File modes that hold for root too."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

VERSION_3 = 0x2008_0522
"""Of the header that capget and capset take: this thread's effective, permitted and inheritable sets follow, twice."""
PASSING_MODES = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH (capabilities(7)): without them, root is bound as any owner of a file is."""


@contextmanager
def modes_hold() -> Iterator[None]:
    """Let file modes bind this thread, and those that it starts, on Linux. Raises OSError where that cannot be."""
    library = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(VERSION_3, 0), (ctypes.c_uint32 * 6)()

    def call(function: str) -> None:
        if getattr(library, function)(header, sets):
            raise OSError(ctypes.get_errno(), function)

    call("capget")
    before = sets[0]
    sets[0] &= ~PASSING_MODES
    call("capset")
    try:
        yield
    finally:
        sets[0] = before
        call("capset")
