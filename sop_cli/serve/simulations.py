"""Simulations of the reference server: each in a process of its own, with a time limit, and ended when the client goes."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from sop_cli.exit_status import GOOD, MISUSE
from sop_cli.serve.problems import BusyError, LargeAnswerError, TimeLimitError
from sop_engine import SopError
from sop_engine.versions import variables_for_children
from steps.contract.experiments import experiment_in
from steps.contract.simulations import SimulationRequest

COMMAND = (sys.executable, "-P", "-m", "sop_cli.serve.simulation")
LIMIT_S = 120.0
"""Seconds after which a simulation is ended."""
AT_ONCE, MOST_WAITING = 2, 8
"""Simulations that run at the same time, and those that may wait."""
MOST_BYTES = 200_000_000
"""Bytes of an answer."""


class Simulations:
    """The simulations that run and wait."""

    def __init__(self) -> None:
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.asked = 0

    async def answer(self, asked: SimulationRequest, request: Request) -> bytes:
        """Return the JSON of the answer, unless the client of *request* goes before it.

        Raises:
            BusyError: too many simulations wait.
            TimeLimitError: it took too long.
            LargeAnswerError: the answer is too large.
            SopError: the experiment or a setting is invalid.
            ClientDisconnect: the client has gone.
        """
        await run_in_threadpool(experiment_in, asked)
        if self.asked >= AT_ONCE + MOST_WAITING:
            raise BusyError("too many simulations are waiting; try again in a moment")
        self.asked += 1
        simulated, gone = asyncio.create_task(self._in_turn(asked)), asyncio.create_task(_until_gone(request))
        try:
            await asyncio.wait({simulated, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not simulated.done():
                raise ClientDisconnect
            return await simulated
        finally:
            self.asked -= 1
            for task in (simulated, gone):
                task.cancel()
            await asyncio.gather(simulated, gone, return_exceptions=True)

    async def _in_turn(self, asked: SimulationRequest) -> bytes:
        async with self.turns:
            return await _simulated(asked)


async def _simulated(asked: SimulationRequest) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={**os.environ, **variables_for_children(), "PYTHONUTF8": "1"}
    )
    try:
        async with asyncio.timeout(LIMIT_S):
            written = await _written_by(process, msgspec.json.encode(asked))
            status = await process.wait()
    except TimeoutError:
        raise TimeLimitError(f"the simulation took longer than {LIMIT_S:,.0f} s and was ended; choose fewer days or orders") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if status == MISUSE:
        raise SopError(written.decode())
    if status != GOOD:
        message = f"the process of a simulation ended with status {status}"
        raise RuntimeError(message)
    return written


async def _written_by(process: Process, line: bytes) -> bytes:
    """Send *line* to *process*, and return all that it writes; its input stays open, so that it ends if this process does.

    Raises:
        LargeAnswerError: it writes too much.
    """
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(line + b"\n")
        await process.stdin.drain()
    parts, size = [], 0
    while part := await process.stdout.read(1 << 20):
        size += len(part)
        if size > MOST_BYTES:
            raise LargeAnswerError(f"the event log is longer than {MOST_BYTES:,} bytes; choose fewer days or orders")
        parts.append(part)
    return b"".join(parts)


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
