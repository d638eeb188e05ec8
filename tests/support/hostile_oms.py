"""A server of the contract in this process that answers rightly, except where a test lets it do something else; bytes go out as given."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import msgspec

from sop_engine import Reading
from steps.contract.answers_of_all import answer
from steps.contract.cases import Capability
from steps.contract.operations import OPERATIONS, SERVER

INFO: dict[str, Any] = {
    "contract": "1.0",
    "name": "Hostile OMS",
    "version": "6.6",
    "offers": [str(capability) for capability in Capability],
    "readings": [str(reading) for reading in Reading],
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it came: its number from 0, its path, its header lines and its body; and what the right answer is, as JSON."""

    number: int
    path: str
    head: str
    body: bytes
    right: Any


Respond = Callable[[Call], "bytes | Iterator[bytes] | None"]
"""Returns the bytes to send, piece by piece if it is an iterator, None for the right answer; empty bytes close the connection."""


def response(body: object, status: str = "200 OK", kind: str = "application/json", **headers: str) -> bytes:
    """Return a whole response; *body* is sent as it is if it is bytes, otherwise as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Type": kind, "Content-Length": str(len(raw)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + raw


@dataclass
class HostileOms:
    """The server while it runs: its address, the calls that it got, and the number of connections."""

    respond: Respond
    calls: list[Call] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _listening: socket.socket = field(init=False)
    _ended: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        """Listen at the port, any free one if it is 0, and note the address, also for when it is closed."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.url: str = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def serve(self) -> None:
        """Accept connections until the server is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.connections += 1
                Thread(target=self._answer_all, args=(connection,), daemon=True).start()

    def close(self) -> None:
        """End the server; what waits in it ends too."""
        self._ended.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def wait(self, seconds: float) -> None:
        """Wait, or until the server is closed."""
        self._ended.wait(seconds)

    def _answer_all(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as incoming, suppress(OSError):
            while request := _request(incoming):
                path, head, body = request
                call = Call(len(self.calls), path, head, body, _right(path, body))
                self.calls.append(call)
                sent = self.respond(call)
                sent = response(call.right) if sent is None else sent
                for piece in [sent] if isinstance(sent, bytes) else sent:
                    if not piece:
                        return
                    connection.sendall(piece)


@contextmanager
def hostile_oms(respond: Respond = lambda _: None, port: int = 0) -> Iterator[HostileOms]:
    """Run the server, at any free port if *port* is 0."""
    server = HostileOms(respond, port=port)
    Thread(target=server.serve, daemon=True).start()
    try:
        yield server
    finally:
        server.close()


def _request(incoming: Any) -> tuple[str, str, bytes] | None:
    first = incoming.readline().decode("latin-1")
    if not first:
        return None
    lines = []
    while (line := incoming.readline().decode("latin-1")) not in {"\r\n", ""}:
        lines.append(line.strip())
    length = next((int(line.partition(":")[2]) for line in lines if line.lower().startswith("content-length:")), 0)
    return first.split(" ")[1], "\n".join(lines), incoming.read(length)


def _right(path: str, body: bytes) -> Any:
    """Return the right answer to a call, as JSON; None if the contract has no such operation."""
    operation = next((operation for operation in OPERATIONS if path.endswith(operation.path)), None)
    if operation is None or operation is SERVER:
        return INFO if operation is SERVER else None
    if operation.request is None:
        return None
    return msgspec.to_builtins(answer(operation, msgspec.json.decode(body, type=operation.request)))
