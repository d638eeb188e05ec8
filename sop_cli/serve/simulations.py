"""Simulations of the reference server: each in a process of its own, with limits of time and memory, and ended when the client goes."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from simulator.experiment.expected_orders import expected_orders
from sop_cli.exit_status import MISUSE, SUCCESS
from sop_cli.serve.bodies import WrongBodyError
from sop_cli.serve.problems import BusyError, LargeAnswerError, TimeLimitError
from sop_cli.serve.simulation import MOST_MEMORY, NO_MEMORY
from sop_cli.serving.connections import SERVER_ENDS
from sop_engine import SopError
from sop_engine.versions import variables_for_children
from steps.contract.experiments import experiment_in
from steps.contract.problems import ProblemType
from steps.contract.simulations import MOST_BYTES_OF_SIMULATION, SimulationRequest

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Variable without which numpy reserves memory for each processor, although a simulation uses one."""
COMMAND = (sys.executable, "-P", "-m", "sop_cli.serve.simulation")
LIMIT_S = 120.0
"""Seconds after which a simulation is ended."""
AT_ONCE, MOST_WAITING = 2, 8
"""Simulations that run at the same time, and those that may wait."""
_SMALLER = "choose fewer days or orders"
MOST_ORDERS = 200_000
"""Expected orders of all runs of a simulation: more than fit into an answer, and twelve times those of an ordinary week."""


class Simulations:
    """The simulations that run and wait."""

    def __init__(self) -> None:
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.asked = 0

    async def answer(self, asked: SimulationRequest, request: Request) -> bytes:
        """Return the JSON of the answer, unless the client of *request* goes or the server ends before it.

        Raises:
            BusyError: too many simulations wait, or the server ends.
            WrongBodyError: a setting is there twice.
        TimeLimitError: it took too long.
            LargeAnswerError: the answer is too large, or the simulation needs too much memory.
            SopError: the experiment or a setting is invalid.
            ClientDisconnect: the client has gone.
        """
        await run_in_threadpool(check_request, asked)
        if self.asked >= AT_ONCE + MOST_WAITING:
            raise BusyError("too many simulations are waiting; try again in a moment")
        self.asked += 1
        simulated, gone = asyncio.create_task(self._in_turn(asked)), asyncio.create_task(_until_gone(request))
        ending = asyncio.create_task(request.scope["state"][SERVER_ENDS].wait())
        try:
            await asyncio.wait({simulated, gone, ending}, return_when=asyncio.FIRST_COMPLETED)
            if simulated.done():
                return await simulated
            if gone.done():
                raise ClientDisconnect
            raise BusyError("the server was ended before the simulation; ask again when it runs")
        finally:
            self.asked -= 1
            for task in (simulated, gone, ending):
                task.cancel()
            await asyncio.gather(simulated, gone, ending, return_exceptions=True)

    async def _in_turn(self, asked: SimulationRequest) -> bytes:
        async with self.turns:
            return await _simulated(asked)


def check_request(asked: SimulationRequest) -> None:
    """Check that what is asked for exists, and is small enough.

    Raises:
        WrongBodyError: a setting is there twice.
        LargeAnswerError: too many orders are expected.
        SopError: the experiment or a setting is invalid.
    """
    keys = [setting.key.partition("=")[0].strip() for setting in asked.settings]  # as the experiment reads `key=value`
    for number, key in enumerate(keys):
        if key in keys[:number]:
            place = f"/settings/{number}/key"
            raise WrongBodyError(ProblemType.IMPOSSIBLE, f"{place}: the setting `{key}` is there twice; give it once", place)
    experiment = experiment_in(asked)
    orders = sum(map(expected_orders, [variant for _, variant in experiment.variants] if asked.each_variant else [experiment]))
    if orders > MOST_ORDERS:
        which = "all variants together have" if asked.each_variant else "the simulation has"
        raise LargeAnswerError(f"{which} about {orders:,.0f} orders; at most {MOST_ORDERS:,} are simulated: {_SMALLER}")


async def _simulated(asked: SimulationRequest) -> bytes:
    environment = {**os.environ, **variables_for_children(), "PYTHONUTF8": "1", **_ONE_THREAD}
    process = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, start_new_session=True
    )  # in a session of its own, Ctrl-C does not reach it, and the server ends it
    try:
        async with asyncio.timeout(LIMIT_S):
            written = await _written_by(process, msgspec.json.encode(asked))
            status = await process.wait()
    except TimeoutError:
        raise TimeLimitError(f"the simulation took longer than {LIMIT_S:,.0f} s and was ended; {_SMALLER}") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if status == MISUSE:
        raise SopError(written.decode())
    if status == NO_MEMORY:
        raise LargeAnswerError(f"the simulation needs more than {MOST_MEMORY:,} bytes of memory; {_SMALLER}")
    if status != SUCCESS:
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
        if size > MOST_BYTES_OF_SIMULATION:
            raise LargeAnswerError(f"the event log is longer than {MOST_BYTES_OF_SIMULATION:,} bytes; {_SMALLER}")
        parts.append(part)
    return b"".join(parts)


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
