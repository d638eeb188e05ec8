"""Connections with deadlines: a client that sends or reads too slowly is disconnected, and one too many replaces the oldest idle one.

uvicorn limits only the time between two requests of a connection, so a client that never ends its request would stay.
"""

import asyncio
import sys
from http import HTTPStatus
from typing import ClassVar

from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from sop_cli.serving import messages
from sop_cli.serving.guard import ENCODED_HEADERS
from sop_cli.serving.responses import problem

HEADER_S = 10.0
"""Seconds in which the head of a request must arrive, from the connection or from its first byte."""
STALLED_S = 30.0
"""Seconds for which a client may read nothing of a response that waits for it."""
LAST_BODY_S = 1.0
"""Seconds for which the body of a request may still arrive when the server ends; less than it waits for requests."""
MOST_CONNECTIONS = 200
LONGEST_HEAD = 16_384
"""Bytes of the head of a request that does not arrive at once."""
_LONGEST_REASON = 150
"""Characters of the reason why a head is refused, which can repeat a part of it."""
SERVER_ENDS = "ending"
"""Name in the state of each request: an `asyncio.Event` that is set when the server ends."""


class Connection(H11Protocol):
    """A connection of uvicorn that ends at its deadlines."""

    idle: ClassVar[dict["Connection", None]] = {}
    """Connections that have not sent the head of a request, the oldest first."""
    deadline: asyncio.TimerHandle | None = None
    stalled: asyncio.TimerHandle | None = None
    ending: asyncio.Event
    is_refused = False
    """Whether what arrives is discarded, because no request can be read from it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; with too many connections, the oldest one without a request ends."""
        super().connection_made(transport)
        self.ending = asyncio.Event()
        self.app_state = {**self.app_state, SERVER_ENDS: self.ending}
        if len(self.connections) > MOST_CONNECTIONS and self.idle:
            next(iter(self.idle)).abort()
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Handle *data*; the head of a request must be complete at the deadline."""
        if self.is_refused:
            return
        super().data_received(data)
        if self._is_between_requests():
            self._expect_head()
        else:
            self._stop_expecting()

    def response_to(self, detail: str) -> Response:
        """Return the response to what is not a request of HTTP; it ends the connection."""
        return problem(HTTPStatus.BAD_REQUEST, "Not HTTP", detail, close=True)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it is the same for everything
        """Refuse what h11 cannot read as a request, with its reason; if another response has begun, end at once."""
        if str(self.conn.our_state) not in {"IDLE", "SEND_RESPONSE"}:
            self.abort()
            return
        error = sys.exception()
        is_too_long = getattr(error, "error_status_hint", None) == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        reason = f"its head is longer than {LONGEST_HEAD:,} bytes" if is_too_long else str(error)
        shortened = reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}…"
        response = self.response_to(f"the request is not good HTTP/1.1: {shortened}; correct it")
        status = f"HTTP/1.1 {response.status_code} {HTTPStatus(response.status_code).phrase}".encode()
        head = [status, *(name + b": " + value for name, value in (*response.raw_headers, *ENCODED_HEADERS))]
        self.is_refused = True
        if self.cycle is not None:
            self.cycle.disconnected = True  # of a request whose body cannot be read, nothing more is sent
            self.cycle.message_event.set()
        self.transport.write(b"\r\n".join([*head, b"", bytes(response.body)]))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(messages.DISCARD_S, self.abort)  # a client that still sends when the connection ends does not see the response

    def on_response_complete(self) -> None:
        """Wait for the next request, for the time that uvicorn allows."""
        super().on_response_complete()
        if self._is_between_requests() and not self.transport.is_closing():
            self.idle[self] = None

    def shutdown(self) -> None:
        """End after the request that is answered, which can end early because its `SERVER_ENDS` is set."""
        self.ending.set()
        super().shutdown()
        self.loop.call_later(LAST_BODY_S, self._end_without_body)

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

    def _end_without_body(self) -> None:
        if not self._is_between_requests() and self.cycle.more_body:
            self.abort()

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
