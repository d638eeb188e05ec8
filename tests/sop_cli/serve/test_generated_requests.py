"""schemathesis makes requests from the published document: good ones are answered by its schemas, others are refused, none fails."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.contract_server import served_contract
from tests.support.write_contract import PUBLISHED

pytestmark = pytest.mark.slow
NIGHTLY = os.environ.get("NIGHTLY") == "1"
EXAMPLES, PHASES, FEWEST = (1_500, "examples,coverage,fuzzing", 10_000) if NIGHTLY else (30, "examples,fuzzing", 250)
"""Requests that are made up for each operation, the phases, and how many requests there are at least."""
SETTINGS = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "422"]  # 422: of the right form, and without an answer
"""
RUN = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"


def test_requests_made_from_the_document_are_answered_as_it_says(tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    (tmp_path / "schemathesis.toml").write_text(SETTINGS)
    with served_contract() as served:
        options = [
            "--url",
            f"http://127.0.0.1:{served.port}",
            "--max-examples",
            str(EXAMPLES),
            "--phases",
            PHASES,
            "--seed",
            "20",
            "--request-timeout",
            "120",
        ]
        ran = subprocess.run(
            [sys.executable, "-c", RUN, "--config-file", "schemathesis.toml", "run", PUBLISHED, *options],
            cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8",
        )  # fmt: skip

    assert ran.returncode == 0, ran.stdout[-5_000:] + ran.stderr[-2_000:]
    generated, passed = re.findall(r"([\d,]+) generated, ([\d,]+) passed", ran.stdout)[0]
    assert generated == passed
    assert int(generated.replace(",", "")) >= FEWEST
