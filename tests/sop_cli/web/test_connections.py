"""Slow clients: they are disconnected, and others are served meanwhile."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from sop_cli.serving import connections, listening
from tests.support.workbench_server import ServedWorkbench, answer, served_workbench

SHORT_S = 0.2
LONGEST_WAIT_S = 20.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedWorkbench]:
    """A workbench with short deadlines."""
    home = tmp_path_factory.mktemp("slow") / "project"
    (home / "features").mkdir(parents=True)
    (home / "features" / "large.feature").write_text("Feature: large\n" + "  a line of a description\n" * 70_000)
    with pytest.MonkeyPatch.context() as patch, served_workbench(home) as running:
        for name in ("connections.HEADER_S", "connections.STALLED_S", "messages.BODY_S", "messages.DISCARD_S"):
            patch.setattr(f"sop_cli.serving.{name}", SHORT_S)
        yield running


def is_served(served: ServedWorkbench) -> bool:
    return served.request("GET", "/api/project").status == 200


def ended(connection: socket.socket, send: Callable[[], None] = lambda: None) -> bytes:
    """Call *send* again and again until the server has ended the connection, and return what it sent before."""
    connection.settimeout(0.02)
    received, end = b"", time.monotonic() + LONGEST_WAIT_S
    while time.monotonic() < end:
        with suppress(TimeoutError):
            try:
                send()
                part = connection.recv(65536)
            except (ConnectionResetError, BrokenPipeError):
                return received
            if not part:
                return received
            received += part
    pytest.fail("the connection is still there")


HEAD = b"GET /api/project HTTP/1.1\r\nHost: 127.0.0.1:1\r\nX-Sop: "


@pytest.mark.parametrize(
    ("first", "then"),
    [(b"", b""), (b"G", b""), (HEAD, b""), (HEAD, b"a"), (b"\r\n", b"\r\n"), (HEAD, b"\r\nX: 1"), (b"GET /" + b"a" * 60_000, b"")],
    ids=["nothing", "one byte", "half a head", "a byte now and then", "empty lines", "a header now and then", "most of the longest head"],
)
def test_a_head_that_does_not_arrive_in_time_ends_the_connection(served: ServedWorkbench, first: bytes, then: bytes) -> None:
    with served.connected() as connection:
        connection.sendall(first)
        assert is_served(served)

        ended(connection, lambda: connection.sendall(then))

    assert is_served(served)


@pytest.mark.parametrize("then", [b"", b"a"], ids=["stops", "a byte now and then"])
def test_a_body_that_does_not_arrive_in_time_is_refused(served: ServedWorkbench, then: bytes) -> None:
    with served.connected() as connection:
        connection.sendall(served.request_bytes("PUT", "/api/draft", body=b"x" * 5000)[:-4000])
        assert is_served(served)

        received = ended(connection, lambda: connection.sendall(then))

    assert received.partition(b" ")[2].startswith(b"408") or not received
    assert is_served(served)


def test_the_next_request_of_a_connection_must_arrive_in_time_too(served: ServedWorkbench) -> None:
    with served.connected() as connection:
        connection.sendall(served.request_bytes("GET", "/api/project"))
        assert answer(connection).status == 200
        connection.sendall(HEAD)

        assert ended(connection, lambda: connection.sendall(b"a")) == b""


def test_a_client_that_reads_nothing_is_disconnected(served: ServedWorkbench) -> None:
    asked = served.request_bytes("GET", "/api/file?path=features/large.feature")
    with served.connected() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(asked * 8)
        assert is_served(served)
        wait_until(lambda: not served.server.server_state.connections - {*connections.Connection.idle})

        assert is_served(served)


def test_a_client_that_goes_away_while_it_sends_or_reads_does_no_harm(served: ServedWorkbench) -> None:
    large = served.request_bytes("GET", "/api/file?path=features/large.feature")
    for data in (HEAD, large, large * 3, served.request_bytes("PUT", "/api/draft", body=b"x" * 5000)[:-4000]):
        with served.connected() as connection:
            connection.sendall(data)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

        assert is_served(served)


def test_many_connections_without_a_request_keep_no_one_out(served: ServedWorkbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest of them end."""
    monkeypatch.setattr(connections, "HEADER_S", 60.0)
    with ExitStack() as stack:
        for number in range(300):
            connection = stack.enter_context(served.connected())
            connection.sendall(HEAD[: number % len(HEAD)])
            assert number % 50 or is_served(served)

        assert is_served(served)
        wait_until(lambda: len(served.server.server_state.connections) <= connections.MOST_CONNECTIONS)
        assert len(served.server.server_state.connections) > connections.MOST_CONNECTIONS / 2


def test_a_connection_that_is_used_stays(served: ServedWorkbench) -> None:
    """The deadline of a head is over when the head is there."""
    with served.connected() as connection:
        for _ in range(3):
            connection.sendall(served.request_bytes("GET", "/api/project"))
            assert answer(connection).status == 200
            time.sleep(SHORT_S)


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_WAIT_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_connection_sends_each_part_of_an_answer_at_once() -> None:
    """Otherwise the system keeps the second part of a streamed answer until the browser has acknowledged the first: 40 ms on Linux."""

    async def option_of_a_connection() -> int:
        option: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def accepted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            option.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listening.listening_socket(0, 0) as bound:
            async with await asyncio.start_server(accepted, sock=bound):
                _, writer = await asyncio.open_connection(*bound.getsockname())
                writer.close()
                return await option

    assert asyncio.run(option_of_a_connection()) == 1
