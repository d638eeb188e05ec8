"""Answers that must be there by a deadline, however slowly their bytes arrive."""

import io
from collections.abc import Callable
from socket import SocketIO, socket
from time import monotonic
from typing import Any, cast

from steps.driver.framing import StrictResponse

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


def response_until(deadline: float) -> Callable[..., StrictResponse]:
    """Return a class of responses for a connection: reading raises TimeoutError after *deadline*."""

    def response(connected: Any, *arguments: Any, **rest: Any) -> StrictResponse:
        return StrictResponse(_SocketUntil(connected, deadline), *arguments, **rest)  # type: ignore[arg-type] # it reads only

    return response


class _SocketUntil:
    """The part of a socket that a response uses."""

    def __init__(self, connected: socket, deadline: float) -> None:
        self._socket, self._deadline = connected, deadline

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 (always to read bytes)
        """Return a file of the bytes that arrive."""
        return ArrivedBytes(_BytesUntil(self._socket, self._deadline))


class ArrivedBytes(io.BufferedReader):
    """The bytes that have arrived; *rest* are those that were not read when it was closed."""

    rest = b""

    def close(self) -> None:
        """Close the file, without waiting for more."""
        if not self.closed:
            cast("_BytesUntil", self.raw).is_over = True
            self.rest = self.peek()
        super().close()


class _BytesUntil(io.RawIOBase):
    """The bytes of a socket, which stays open until this is closed."""

    def __init__(self, connected: socket, deadline: float) -> None:
        self._socket, self._deadline = connected, deadline
        self._raw: SocketIO = connected.makefile("rb", buffering=0)

        self.is_over = False

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what has arrived, or wait for it; nothing once it is over."""
        if self.is_over:
            return 0
        self._socket.settimeout(seconds_until(self._deadline))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the file, not the connection."""
        self._raw.close()
        super().close()
