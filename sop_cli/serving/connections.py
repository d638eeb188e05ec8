"""Connections with deadlines: a client that sends or reads too slowly is disconnected, and one too many replaces the oldest idle one.

uvicorn limits only the time between two requests of a connection, so a client that never ends its request would stay.
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_S = 10.0
"""Seconds in which the head of a request must arrive, from the connection or from its first byte."""
STALLED_S = 30.0
"""Seconds for which a client may read nothing of a response that waits for it."""
MOST_CONNECTIONS = 200
ENDING = "ending"
"""Name in the state of each request: an `asyncio.Event` that is set when the server ends."""


class Connection(H11Protocol):
    """A connection of uvicorn that ends at its deadlines."""

    idle: ClassVar[dict["Connection", None]] = {}
    """Connections that have not sent the head of a request, the oldest first."""
    deadline: asyncio.TimerHandle | None = None
    stalled: asyncio.TimerHandle | None = None
    ending: asyncio.Event

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; with too many connections, the oldest one without a request ends."""
        super().connection_made(transport)
        self.ending = asyncio.Event()
        self.app_state = {**self.app_state, ENDING: self.ending}
        if len(self.connections) > MOST_CONNECTIONS and self.idle:
            next(iter(self.idle)).abort()
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Handle *data*; the head of a request must be complete at the deadline."""
        super().data_received(data)
        if self._is_between_requests():
            self._expect_head()
        else:
            self._stop_expecting()

    def on_response_complete(self) -> None:
        """Wait for the next request, for the time that uvicorn allows."""
        super().on_response_complete()
        if self._is_between_requests() and not self.transport.is_closing():
            self.idle[self] = None

    def shutdown(self) -> None:
        """End after the request that is answered, which can end early because its `ENDING` is set."""
        self.ending.set()
        super().shutdown()

    def pause_writing(self) -> None:
        """Stop writing until the client has read more; end if it does not."""
        super().pause_writing()
        self.stalled = self.loop.call_later(STALLED_S, self.abort)

    def resume_writing(self) -> None:
        """Go on writing."""
        super().resume_writing()
        if self.stalled is not None:
            self.stalled.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and forget the deadlines."""
        self._stop_expecting()
        if self.stalled is not None:
            self.stalled.cancel()
        super().connection_lost(exc)

    def abort(self) -> None:
        """End at once; nothing more is sent."""
        self._stop_expecting()
        self.transport.abort()

    def _is_between_requests(self) -> bool:
        """Return whether the head of the next request has not arrived, and the last one, if there was any, is answered."""
        return self.cycle is None or self.cycle.response_complete

    def _expect_head(self) -> None:
        if self.deadline is None:
            self.idle[self] = None
            self.deadline = self.loop.call_later(HEADER_S, self.abort)

    def _stop_expecting(self) -> None:
        self.idle.pop(self, None)
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None
