"""`sop` with another version of the document."""

import os
import subprocess
import sys
from pathlib import Path

from sop_engine.versions import VARIABLE

ROOT = Path(__file__).parents[2]
FEATURE = """Feature: One order

  Scenario: The seller cancels
    Given an order of 1 unit, invoiced through RMS
    When the seller cancels the order
    Then the request is allowed
"""


def sop(place: Path, *arguments: str, rulebook: str = "") -> tuple[int, str, str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop(VARIABLE, None)
    if rulebook:
        environment[VARIABLE] = rulebook
    done = subprocess.run(
        [sys.executable, "-P", "-m", "sop_cli", *arguments], cwd=place, env=environment, capture_output=True, check=False, text=True
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


CASE = ["decide", "--canceller", "Ajio", "--scope", "full", "--invoicing", "ERP", "--stage", "PROCESSING", "--e-invoice", "generated"]
