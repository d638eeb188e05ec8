"""How `sop serve` begins and ends: what it prints, the try-out line, Ctrl-C, a killed parent, a killed worker."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals")]


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The command with *arguments*, and the three lines that it has printed; it is killed in the end."""
    command = [sys.executable, "-P", "-m", "sop_cli", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    try:
        yield process, [process.stdout.readline().rstrip("\n") for _ in range(3)]
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # also workers that have outlived it
        process.communicate()


def link_in(lines: Sequence[str]) -> str:
    return re.findall(r"http://\S+", lines[0])[0]


def answers(link: str) -> bool:
    try:
        with urlopen(f"{link}/v1", timeout=5) as response:  # noqa: S310 - always http
            return bool(json.load(response)["contract"] == "1.0")
    except URLError:
        return False


def children(process: subprocess.Popen[str]) -> list[int]:
    """The processes that serve for *process*."""
    return children_of(process.pid, b"spawn_main")


def children_of(parent: int, command: bytes) -> list[int]:
    """The child processes of *parent* with *command* in their command line."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in children if command in Path(f"/proc/{child}/cmdline").read_bytes()]


def simulations_of(process: subprocess.Popen[str]) -> list[int]:
    """The processes that simulate for *process* or for one of its workers."""
    return [child for one in (process.pid, *children(process)) for child in children_of(one, b"sop_cli.serve.simulation")]


def until(condition: object) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_with_one_line(workers: int, number: signal.Signals, status: int) -> None:
    with started("--workers", str(workers)) as (process, lines):
        assert lines[0].startswith("serving version 1.0 of the contract at http://127.0.0.1:")
        assert lines[2] == "only this computer can reach it; Ctrl-C ends it"
        assert answers(link_in(lines))
        os.killpg(process.pid, number)  # as a terminal does: to all processes
        out, error = process.communicate(timeout=20)

    assert process.returncode == status
    assert (out, error) == ("", "\nerror: interrupted\n")  # click ends the line of the terminal first


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("workers", [1, 2])
def test_interrupted_in_a_simulation_it_ends_with_one_line_and_a_problem(workers: int) -> None:
    body = json.dumps({"experiment": "sale_days", "settings": [{"key": "run.days", "value": "60"}]}).encode()
    with started("--workers", str(workers)) as (process, lines):
        port = int(link_in(lines).rpartition(":")[2])
        with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("POST", "/v1/simulations", body, {"Content-Type": "application/json"})
            assert until(lambda: simulations_of(process))
            simulations = simulations_of(process)
            os.killpg(process.pid, signal.SIGINT)
            response = connection.getresponse()
            problem = json.loads(response.read())
        out, error = process.communicate(timeout=20)

        assert (process.returncode, out, error) == (130, "", "\nerror: interrupted\n")
        assert (response.status, problem["type"]) == (503, "/v1/problems/busy")
        assert until(lambda: not any(Path(f"/proc/{simulation}").exists() for simulation in simulations))


def test_interrupted_while_a_body_arrives_it_ends_with_one_line() -> None:
    with started() as (process, lines):
        port = int(link_in(lines).rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            head = f"POST /v1/returns HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
            connection.sendall(head.encode())
            assert answers(link_in(lines))
            os.killpg(process.pid, signal.SIGINT)
            with suppress(ConnectionResetError):
                assert connection.recv(65_536) == b""
        out, error = process.communicate(timeout=20)

    assert (process.returncode, out, error) == (130, "", "\nerror: interrupted\n")


def test_the_line_to_try_works(tmp_path: Path) -> None:
    with started() as (_, lines):
        command = lines[1].removeprefix("try it: ")
        printed = subprocess.run(["sh", "-c", f"{command} -sS --fail"], capture_output=True, text=True, check=True, cwd=tmp_path).stdout

    [decision] = json.loads(printed)["answers"][0]["decisions"]
    assert decision["outcome"] == "allowed"


def test_workers_share_the_requests_and_a_killed_one_is_replaced() -> None:
    with started("--workers", "2") as (process, lines):
        link = link_in(lines)
        before = children(process)
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        assert until(lambda: len(children(process)) == 2 and before[0] not in children(process))
        assert until(lambda: all(answers(link) for _ in range(10)))


def test_no_worker_outlives_the_command() -> None:
    with started("--workers", "2") as (process, lines):
        link, workers = link_in(lines), children(process)
        process.kill()
        process.wait()
        assert until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
        assert not answers(link)


def test_another_address_is_served_with_a_warning() -> None:
    with started("--host", "0.0.0.0") as (process, lines):  # noqa: S104 - it is ended at once
        assert lines[2] == "Ctrl-C ends it"
        assert answers(link_in(lines))
        process.terminate()
        _, error = process.communicate(timeout=20)

    assert error.splitlines()[0].startswith("warning: every computer in the network of this one can ask it")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "no.such.host.invalid"], "there is no address `no.such.host.invalid`"),
        (["--host", ""], "there is no address ``"),
        (["--port", "65536"], "65536"),
        (["--workers", "0"], "0"),
    ],
)
def test_a_wrong_option_is_refused(arguments: list[str], words: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "sop_cli", "serve", *arguments], capture_output=True, text=True, check=False, timeout=60
    )

    assert ran.returncode == 2
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_taken_port_is_said() -> None:
    with started() as (_, lines):
        port = link_in(lines).rpartition(":")[2]
        ran = subprocess.run(
            [sys.executable, "-P", "-m", "sop_cli", "serve", "--port", port], capture_output=True, text=True, check=False, timeout=60
        )

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"error: port {port} cannot be used: Address already in use; choose another, or leave out --port\n"
