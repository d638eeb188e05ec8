"""Load on `sop serve`: 50 clients with 1,000 requests each on the loopback, beside a bare Starlette answer of the same size.

Every answer is compared with the one that a quiet server gives, so none is lost, cut or mixed up. Both servers run in turns, in processes of
their own, and the clients in another one. Memory is the resident set of the server before the load (after a warm-up) and after it.

    python benchmarks/serve_load.py [--clients 50] [--requests 1000] [--rounds 2] [--workers N]
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from steps.contract.examples import EXAMPLES  # noqa: E402 (found only now)

QUESTIONS = {
    "a decision": ("/v1/decisions", json.dumps(EXAMPLES["decisions"]["one case"]).encode()),
    "an order's life": ("/v1/orders", json.dumps(EXAMPLES["orders"]["late e-invoice"]).encode()),
}
BARE = """
import socket, sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
body = b"x" * int(sys.argv[1])
async def respond(request):
    await request.body()
    return Response(body, media_type="application/json")
listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listening.bind(("127.0.0.1", 0))
listening.listen(100)
print(listening.getsockname()[1], flush=True)
config = uvicorn.Config(Starlette(routes=[Route("/{path:path}", respond, methods=["POST"])]), log_level="error", access_log=False, http="h11")
uvicorn.Server(config).run(sockets=[listening])
"""
WARM_UP = 1_000


@dataclass(slots=True)
class Measured:
    """What one contender did: seconds of each request; of each round the rate, CPU milliseconds of a request, and KiB before and after."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    memory: list[tuple[int, int]] = field(default_factory=list)

    def percentile(self, percent: int) -> float:
        """Milliseconds within which *percent* of the requests were answered."""
        return quantiles(self.seconds, n=100)[percent - 1] * 1000


@contextmanager
def running(command: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Run a server; its process and the port that its first line ends with."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    try:
        assert process.stdout is not None
        yield process.pid, int(re.findall(r"\d+", process.stdout.readline())[-1])
    finally:
        process.terminate()
        process.wait()


def memory_of(process: int) -> int:
    """Return the KiB of memory of a process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    own = int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())[0])
    return own + sum(memory_of(int(child)) for child in children)


def cpu_of(process: int) -> float:
    """Return the seconds of CPU time that a process and its children have taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return own + sum(cpu_of(int(child)) for child in children)


async def client(port: int, request: bytes, expected: bytes | None, requests: int, seconds: list[float]) -> bytes:
    """Send *request* again and again over one connection, and return the last body.

    Raises:
        AssertionError: an answer is another one than *expected*.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b""
    for _ in range(requests):
        start = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        seconds.append(time.perf_counter() - start)
        assert head.startswith(b"HTTP/1.1 200 "), head
        assert expected is None or body == expected, "another answer"
    writer.close()
    await writer.wait_closed()
    return body


async def clients(port: int, request: bytes, expected: bytes | None, number: int, requests: int) -> tuple[list[float], float]:
    """Return the seconds of all requests of all clients, and the seconds that all took together."""
    seconds: list[float] = []
    start = time.perf_counter()
    await asyncio.gather(*(client(port, request, expected, requests, seconds) for _ in range(number)))
    return seconds, time.perf_counter() - start


def request_for(port: int, path: str, body: bytes) -> bytes:
    """Return the bytes of a request."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def measure(name: str, options: argparse.Namespace) -> dict[str, Measured]:
    """Measure both contenders in turns on one question."""
    path, body = QUESTIONS[name]
    sop_command = [sys.executable, "-P", "-m", "sop_cli", "serve", "--port", "0", "--workers", str(options.workers)]
    with running(sop_command) as (_, port):
        quiet = asyncio.run(client(port, request_for(port, path, body), None, 1, []))
    contenders = {"sop serve": sop_command, "bare Starlette": [sys.executable, "-c", BARE, str(len(quiet))]}
    measured = {contender: Measured() for contender in contenders}
    for _ in range(options.rounds):
        for contender, command in contenders.items():
            expected = quiet if contender == "sop serve" else b"x" * len(quiet)
            with running(command) as (process, port):
                request = request_for(port, path, body)
                asyncio.run(clients(port, request, expected, options.clients, max(1, WARM_UP // options.clients)))
                before, cpu = memory_of(process), cpu_of(process)
                seconds, took = asyncio.run(clients(port, request, expected, options.clients, options.requests))
                measured[contender].memory.append((before, memory_of(process)))
                measured[contender].cpu.append((cpu_of(process) - cpu) * 1000 / len(seconds))
            assert len(seconds) == options.clients * options.requests
            measured[contender].seconds += seconds
            measured[contender].rates.append(len(seconds) / took)
    print(f"\n{name}: {len(body):,} bytes asked, {len(quiet):,} bytes answered")
    return measured


def main() -> None:
    """Print both contenders side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--requests", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(REPOSITORY)
    print(f"{options.clients} clients x {options.requests:,} requests, {options.rounds} rounds in turns; all answers are compared")
    for name in QUESTIONS:
        measured = measure(name, options)
        for contender, result in measured.items():
            memory = ", ".join(f"{before / 1024:.1f} -> {after / 1024:.1f}" for before, after in result.memory)
            print(
                f"  {contender:15} {median(result.rates):6,.0f} requests/s   p50 {result.percentile(50):5.1f} ms   "
                f"p99 {result.percentile(99):5.1f} ms   CPU {median(result.cpu):.3f} ms/request   MiB {memory}"
            )
        served, bare = measured.values()
        print(
            f"  ratio           {median(served.rates) / median(bare.rates):6.2f}              x {served.percentile(50) / bare.percentile(50):.2f}"
            f"           x {served.percentile(99) / bare.percentile(99):.2f}"
            f"           x {median(served.cpu) / median(bare.cpu):.2f}"
        )


if __name__ == "__main__":
    main()
