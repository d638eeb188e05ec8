"""Answers that must be there by a deadline, however slowly their bytes arrive."""

import io
from collections.abc import Callable
from http.client import HTTPResponse
from socket import SocketIO, socket
from time import monotonic
from typing import Any

_LEAST_S = 0.001
"""A time limit of 0 would mean that a socket does not wait at all."""


def seconds_until(deadline: float) -> float:
    """Return the time that is left.

    Raises:
        TimeoutError: none is.
    """
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return max(_LEAST_S, left)


def response_until(deadline: float) -> Callable[..., HTTPResponse]:
    """Return a class of responses for a connection: reading raises TimeoutError after *deadline*."""

    def response(connected: Any, *arguments: Any, **rest: Any) -> HTTPResponse:
        return HTTPResponse(_SocketUntil(connected, deadline), *arguments, **rest)  # type: ignore[arg-type] # it reads only

    return response


class _SocketUntil:
    """The part of a socket that a response uses."""

    def __init__(self, connected: socket, deadline: float) -> None:
        self._socket, self._deadline = connected, deadline

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 (always to read bytes)
        """Return a file of the bytes that arrive."""
        return io.BufferedReader(_BytesUntil(self._socket, self._deadline))


class _BytesUntil(io.RawIOBase):
    """The bytes of a socket, which stays open until this is closed."""

    def __init__(self, connected: socket, deadline: float) -> None:
        self._socket, self._deadline = connected, deadline
        self._raw: SocketIO = connected.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what has arrived, or wait for it."""
        self._socket.settimeout(seconds_until(self._deadline))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the file, not the connection."""
        self._raw.close()
        super().close()
