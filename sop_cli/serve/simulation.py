"""Process of one simulation: reads a request as a line of JSON, and writes the answer, or why there is none. It ends when its input does.

Its memory is limited where the system can limit that of a process (Linux).
"""

import os
import sys
import threading

import msgspec

from sop_cli.exit_status import MISUSE, SUCCESS
from sop_engine import SopError
from steps.contract.simulations import SimulationRequest

MOST_MEMORY = 2_000_000_000
"""Bytes of the process's data."""
NO_MEMORY = 4
"""Exit status if that is not enough."""


def run_simulation() -> None:
    """Simulate what the first line of the input asks for."""
    _limit_memory()
    from steps.contract.answers_of_simulations import answer_simulation  # noqa: PLC0415 (the server needs only the constants)

    asked = msgspec.json.decode(sys.stdin.buffer.readline(), type=SimulationRequest)
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        status, written = SUCCESS, msgspec.json.encode(answer_simulation(asked))
    except SopError as error:
        status, written = MISUSE, str(error).encode()
    except MemoryError:
        status, written = NO_MEMORY, b""
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    os._exit(status)  # the other thread still reads


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 (not on Windows)

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        limit = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    run_simulation()
