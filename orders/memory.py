"""The memory of an audit: what is no longer needed goes back to the system."""

import ctypes
import sys
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)

_TRIM_OPTION: Final = -1
_KEPT: Final = 1 << 23
"""M_TRIM_THRESHOLD of the GNU C library, and the freed bytes at the end of its memory that it keeps for what comes next.

With the 128 KiB of the library the columns of each batch of rows get new pages from the system and give them back, which takes a third of the
time of reading.
"""
_THRESHOLD_OPTION: Final = -3
_LARGE: Final = 1 << 22
"""M_MMAP_THRESHOLD of the GNU C library, and the bytes from which a block goes back to the system as soon as it is freed.

The columns of a batch of rows are smaller, so that the next batch uses their memory again; those of a million rows are larger. Without it
the library raises the threshold to the largest block that was freed, up to 32 MiB, and columns are no larger.
"""


def use_system_memory() -> None:
    """Let columns be allocated by the C library, and large blocks go back to the system when they are freed."""
    pa.set_memory_pool(pa.system_memory_pool())
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)
        if set_option is not None:  # another C library has no such option
            set_option(_THRESHOLD_OPTION, _LARGE)
            set_option(_TRIM_OPTION, _KEPT)


def pool_for_reading() -> pa.MemoryPool:
    """Return the pool of text that is read, and of its columns: while they grow, the C library copies each to new pages, and mimalloc does not.

    mimalloc also needs fewer pages from the system than jemalloc. Where pyarrow has no mimalloc, it is the default pool.
    """
    return pa.mimalloc_memory_pool() if "mimalloc" in pa.supported_memory_backends() else pa.default_memory_pool()


def kept_buffer(size: int) -> pa.Buffer:
    """Return a writable buffer of *size* bytes for a column that is kept, in the `pool_for_reading`."""
    return pa.allocate_buffer(size, memory_pool=pool_for_reading())


def kept_array(values: NDArray[Number]) -> NDArray[Number]:
    """Return a copy of an array of one dimension in the memory of columns that are kept: it needs fewer new pages than that of NumPy."""
    array: NDArray[Number] = np.ndarray(len(values), values.dtype, kept_buffer(values.nbytes))
    array[:] = values
    return array


def release_freed_memory() -> None:
    """Give memory that was freed back to the system, between two stages that need much."""
    for pool in (pa.default_memory_pool(), pool_for_reading()):
        pool.release_unused()
