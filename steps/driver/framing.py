"""Where the answer of a server begins and ends, read strictly: what two readers could take differently is refused.

`http.client` overlooks two lengths, signs before a length, and bytes after the answer, and takes 103 for the answer.
"""

import re
from http.client import HTTPException, HTTPResponse, IncompleteRead, parse_headers

from steps.driver.errors import quote

_BYTE_COUNT = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LONGEST_SIZE_LINE = 65_536
_CONTINUE, _SWITCHED, _OK = 100, 101, 200


class FramingError(HTTPException):
    """An answer whose beginning or end is not as HTTP has it; its text says what is wrong."""


class StrictResponse(HTTPResponse):
    """A response whose length is stated once, or which comes in chunks."""

    def begin(self) -> None:
        """Read the head.

        Raises:
            FramingError: its length can be understood in two ways, or in none.
        """
        is_begun = self.headers is not None
        super().begin()
        if not is_begun:
            self._check_length()

    def _read_status(self) -> tuple[str, int, str]:
        """Return the first status that is final; interim ones, such as 103 Early Hints, and their headers are skipped."""
        version, status, reason = super()._read_status()  # type: ignore[misc] # of `http.client`, which skips 100 only
        while _CONTINUE <= status < _OK and status != _SWITCHED:
            parse_headers(self.fp)
            version, status, reason = super()._read_status()  # type: ignore[misc]
        return version, status, reason

    def _check_length(self) -> None:
        lengths = [value.strip() for value in self.headers.get_all("Content-Length", [])]
        codings = [value.strip().lower() for value in self.headers.get_all("Transfer-Encoding", [])]
        for length in lengths:
            if not _BYTE_COUNT.fullmatch(length):
                raise FramingError(f"Content-Length is {quote(length)}, expected a number of bytes")
        if len(set(lengths)) > 1:
            raise FramingError(f"Content-Length is {quote(lengths[0])} and {quote(lengths[1])}, expected one length")
        if codings and codings != ["chunked"]:
            raise FramingError(f"Transfer-Encoding is {quote(', '.join(codings))}, expected `chunked` or none")
        if codings and lengths:
            raise FramingError("it has Transfer-Encoding and Content-Length, expected one of them")

    def _read_next_chunk_size(self) -> int:
        """Read the line before a chunk; overrides what `http.client` takes for a number."""
        line = self.fp.readline(_LONGEST_SIZE_LINE + 1)
        if not line.endswith(b"\n") and len(line) <= _LONGEST_SIZE_LINE:  # the connection was lost
            raise IncompleteRead(b"")
        size = _CHUNK_SIZE.fullmatch(line)
        if size is None:
            raise FramingError(f"the size of a chunk is {quote(line[:80].decode('latin-1'))}, expected a hexadecimal number")
        return int(size[1], 16)
