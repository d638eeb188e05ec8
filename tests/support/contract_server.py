"""A reference server in a thread of the test, and requests to it over connections that stay."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from typing import Any

from sop_cli.serve.app import application
from sop_cli.serve.server import Server, config_of
from sop_cli.serving.listening import listening_socket
from tests.support.workbench_server import Answer, answer


@dataclass(slots=True)
class ServedContract:
    """A reference server at *port*."""

    port: int
    kept: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.kept = HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str) -> tuple[int, Any]:
        """Return the status and the JSON of the answer to a GET request."""
        return self._asked("GET", path, None)

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        """Return the status and the JSON of the answer to *body*, which is sent as JSON unless it is bytes."""
        return self._asked("POST", path, body if isinstance(body, bytes) else json.dumps(body).encode())

    def raw(self, data: bytes, *, timeout: float = 10.0) -> Answer:
        """Send *data* over a connection of its own, and return the first response."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(data)
            return answer(connection)

    def _asked(self, method: str, path: str, body: bytes | None) -> tuple[int, Any]:
        for is_last in (False, True):
            try:
                self.kept.request(method, path, body, {"Content-Type": "application/json"} if body is not None else {})
                response = self.kept.getresponse()
                return response.status, json.loads(response.read())
            except (ConnectionResetError, BrokenPipeError):  # the server has ended the connection while it was idle
                self.kept.close()
                if is_last:
                    raise
        raise AssertionError


@contextmanager
def served_contract() -> Iterator[ServedContract]:
    """Serve the contract at any free port."""
    with listening_socket(0, 0) as listening:
        port = listening.getsockname()[1]
        server = Server(config_of(partial(application, port)), lambda: None)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            served = ServedContract(port)
            with closing(served.kept):
                yield served
        finally:
            server.should_exit = True
            thread.join()
