"""`sop verify --driver` as a process of its own, and the record of its run."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from sop_runs.record.folder import latest_of
from sop_runs.record.reader import RunRecord, dump, read
from sop_runs.record.schema import Manifest

ROOT = Path(__file__).parents[2]
FEATURE = """Feature: Two things

  Scenario: A case
    Given an order invoiced through the client's ERP
    And the order is PACKED
    When the seller cancels the full order
    Then the cancellation is refused

  Scenario Outline: An order
    Given an order of <units>, invoiced through the client's ERP
    When someone tries to get the order packed
    Then that is impossible, because it is not released yet

    Examples:
      | units   |
      | 1 unit  |
      | 2 units |
"""


def sop(place: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in *place*."""
    command = [sys.executable, "-P", "-m", "sop_cli", *arguments]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **environment}
    return subprocess.run(command, cwd=place, env=variables, capture_output=True, text=True, check=False)


def record_in(place: Path) -> RunRecord:
    """Read the record of the last run in *place*."""
    runs = place / "build/runs"
    return read(runs / latest_of(runs))


def bytes_of(record: RunRecord, *, with_driver: bool) -> list[bytes]:
    """Return the lines of a record, without the system that answered if that is wanted."""
    lines = [line if with_driver or not isinstance(line, Manifest) else msgspec.structs.replace(line, driver=None) for line in record.lines]
    return list(map(dump, lines))
