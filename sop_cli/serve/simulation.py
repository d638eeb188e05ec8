"""Process of one simulation: reads a request as a line of JSON, and writes the answer, or why there is none. It ends when its input does."""

import os
import sys
import threading

import msgspec

from sop_cli.exit_status import GOOD, MISUSE
from sop_engine import SopError
from steps.contract.answers_of_simulations import answer_simulation
from steps.contract.simulations import SimulationRequest


def run_simulation() -> None:
    """Simulate what the first line of the input asks for."""
    asked = msgspec.json.decode(sys.stdin.buffer.readline(), type=SimulationRequest)
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        status, written = GOOD, msgspec.json.encode(answer_simulation(asked))
    except SopError as error:
        status, written = MISUSE, str(error).encode()
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    os._exit(status)  # the other thread still reads


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    run_simulation()
