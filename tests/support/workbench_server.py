"""A server of the workbench in a thread of the test, without workers, and requests to it as raw bytes."""

import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sop_cli.web.project import Project
from sop_cli.web.serving.server import Server
from sop_cli.web.serving.state import Workbench

TOKEN = "test-token"


@dataclass(frozen=True, slots=True)
class Answer:
    """Response: its status, its head and its body; status 0 if the connection ended without a complete head."""

    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of a header, None if it is not there."""
        match = re.search(rf"(?im)^{name}: (.*?)\r?$", self.head)
        return match[1] if match else None


@dataclass(frozen=True, slots=True)
class ServedWorkbench:
    """A workbench that serves the folder *home* at *port*."""

    home: Path
    port: int
    workbench: Workbench
    server: Server

    def send(self, data: bytes, *, timeout: float = 10.0) -> Answer:
        """Send *data* over a connection of its own, and return the first response."""
        with self.connected(timeout=timeout) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(data)
            return answer(connection)

    def request(self, method: str, target: str, *headers: str, body: bytes | None = None, host: str | None = None) -> Answer:
        """Send a request as the page does, with *headers* added, and return the response."""
        return self.send(self.request_bytes(method, target, *headers, body=body, host=host))

    def request_bytes(self, method: str, target: str, *headers: str, body: bytes | None = None, host: str | None = None) -> bytes:
        """Return a request as the page sends it."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}", f"X-Sop-Token: {TOKEN}", *headers]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")

    @contextmanager
    def connected(self, timeout: float = 10.0) -> Iterator[socket.socket]:
        """A connection to the server."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            yield connection


def answer(connection: socket.socket) -> Answer:
    """Return the response that *connection* brings; what comes after its length is ignored."""
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return Answer(0, "", data)
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 100 "):
            return answer(connection)
        length = re.search(rb"(?im)^content-length: (\d+)", head)
        while part := connection.recv(65536) if length is None or len(body) < int(length[1]) else b"":
            body += part
    except ConnectionResetError:
        return Answer(0, "", data)
    return Answer(int(head.split()[1]), head.decode("latin-1"), body)


@contextmanager
def served_workbench(
    home: Path, rulebook: Path | None = None, *, read_only: bool = False, lanes: Sequence[str] = ()
) -> Iterator[ServedWorkbench]:
    """Serve the folder *home*; of the lanes, which are not started, only those in *lanes* are there."""
    workbench = Workbench(Project(home, rulebook, read_only=read_only))
    workbench.lanes = {name: lane for name, lane in workbench.lanes.items() if name in lanes}
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(100)
        port = listening.getsockname()[1]
        server = Server(workbench, port, TOKEN, lambda: None)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            yield ServedWorkbench(home, port, workbench, server)
        finally:
            server.should_exit = True
            thread.join()
