"""Answers over HTTP, read strictly: where each begins and ends, and what its status and head are; in words what is wrong with another one.

`http.client` overlooks two lengths, signs before a length, and bytes after the answer, and takes 103 for the answer. What two readers could
take differently is refused.
"""

import re
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse, IncompleteRead, parse_headers
from time import time

import msgspec

from steps.driver.errors import quote, shortened

JSON, PROBLEM = "application/json", "application/problem+json"
OK, UNAVAILABLE = 200, 503
_LEAST_REDIRECT, _LEAST_ERROR = 300, 400
_BYTE_COUNT = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LONGEST_SIZE_LINE = 65_536
_CONTINUE, _SWITCHED = 100, 101


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
        while _CONTINUE <= status < OK and status != _SWITCHED:
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


class _ProblemDetails(msgspec.Struct):
    """What is shown of the problem details of a server (RFC 9457)."""

    title: str = ""
    detail: str = ""
    place: str | None = None


def response_error(response: HTTPResponse, raw: bytes) -> str:
    """Return why an answer with the body *raw* is none of the contract; empty if its status and head are."""
    if response.status != OK:
        return _refusal_in(response, raw)
    kinds = response.headers.get_all("Content-Type", [])
    if len(set(kinds)) > 1:
        return f"the answer has two media types, {quote(kinds[0])} and {quote(kinds[1])}, expected one"
    if _kind_of(response) != JSON:
        return f"the media type of the answer is {quote(_kind_of(response))}, expected `{JSON}`"
    charset = response.headers.get_content_charset("utf-8")
    if charset != "utf-8":
        return f"the charset of the answer is {quote(charset)}, expected UTF-8"
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    return f"the answer is encoded as {quote(encoding)}, expected none" if encoding != "identity" else ""


def retry_after_seconds(response: HTTPResponse) -> float:
    """Return the seconds that the server asks to wait; -1 if it does not say."""
    text = response.getheader("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time())
    except (TypeError, ValueError, IndexError, OverflowError):
        return -1.0


def _kind_of(response: HTTPResponse) -> str:
    return (response.getheader("Content-Type") or "none").partition(";")[0].strip().lower()


def _refusal_in(response: HTTPResponse, raw: bytes) -> str:
    """Return what is wrong with an answer of another status than 200."""
    status, kind = f"the status is {response.status}, expected {OK}", _kind_of(response)
    if _LEAST_REDIRECT <= response.status < _LEAST_ERROR:
        return f"{status}; redirects are not followed (to {quote(response.getheader('Location') or 'nowhere')}), give the final address"
    if response.status == UNAVAILABLE and retry_after_seconds(response) < 0:
        status = f"{status}, without `Retry-After`"
    if kind != PROBLEM:
        return f"{status}; the media type is {quote(kind)}, an error has `{PROBLEM}`"
    try:
        problem = msgspec.json.decode(raw, type=_ProblemDetails)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return f"{status}; the problem details cannot be read"
    place = f" at {quote(problem.place)}" if problem.place else ""
    return f"{status}; the server says{place}: {shortened(': '.join(filter(None, (problem.title, problem.detail)))) or 'nothing'}"
