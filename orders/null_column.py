"""A column of nulls, which takes the memory of a few rows."""

import pyarrow as pa

_PIECE = 8_192


def null_column(count: int, kind: pa.DataType) -> pa.ChunkedArray:
    """Return a column of *count* nulls of a type; its pieces share their memory."""
    piece = pa.nulls(min(count, _PIECE), kind)
    pieces, rest = divmod(count, _PIECE)
    return pa.chunked_array([*[piece] * pieces, *([piece[:rest]] if rest or not count else [])], kind)
