"""How long a server is waited for: a deadline for each answer, however slowly its bytes arrive, and an end to asking what is never answered."""

import io
from collections import Counter
from collections.abc import Callable
from socket import SocketIO, socket
from time import monotonic
from typing import Any, cast

from steps.driver.http_answers import StrictResponse

_LEAST_S = 0.001
"""A time limit of 0 would mean that a socket does not wait at all."""
MOST_IN_A_ROW = 3
"""Calls of one operation, one after another, that use up the time limit before it is given up."""
NOT_AGAIN = f"after {MOST_IN_A_ROW} such calls in a row it is not called again"
"""End of the message of each such call, the first ones too, so that serial and parallel runs have the same record."""


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


class TimedOutOperations:
    """The operations that a server does not answer in time, each named like ``POST /v1/orders``.

    A server that does not answer what it is either is given up as a whole, otherwise only the operation.
    """

    def __init__(self) -> None:
        self._in_a_row: Counter[str] = Counter()
        self._messages: dict[str, str] = {}
        self._all = ""

    @property
    def given_up(self) -> tuple[str, ...]:
        """The operations that are not called again."""
        return tuple(sorted(self._messages))

    def message_of(self, operation: str) -> str:
        """Return why *operation* is not called again; empty if it may be called."""
        return self._messages.get(operation, self._all)

    def answered(self, operation: str) -> None:
        """Count an answer, right or wrong."""
        self._in_a_row.pop(operation, None)

    def add(self, operation: str, message: str) -> bool:
        """Count a call without an answer in time; return whether *operation* is now given up, so that the server should be asked what it is."""
        self._in_a_row[operation] += 1
        if self._in_a_row[operation] < MOST_IN_A_ROW:
            return False
        self._messages[operation] = message
        return True

    def give_up_all(self, message: str) -> None:
        """Give up every operation."""
        self._all = message
