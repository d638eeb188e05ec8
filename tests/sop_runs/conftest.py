"""The verdict on a record with changed lines."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sop_runs.record.verdict import Verdict
from steps.run.judge import judge_run
from tests.support.judged_records import KNOWN, NOW, A, B
from tests.support.run_samples import RULEBOOK, Line, dump, record

SHA = RULEBOOK["sha256"]
Spoil = Callable[[list[Line]], Any]


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., Verdict]:
    """The verdict on the lines of a good run, spoilt first."""

    def verdict(
        spoil: Spoil = len, results: Mapping[Any, Any] = KNOWN, now: Mapping[str, bytes] = NOW, tail: bytes = b"", **given: Any
    ) -> Verdict:
        lines = record({"a.feature": A, "b.feature": B}, results, **given)
        for step in (step for line in lines if line["type"] == "scenario" for step in line["steps"]):
            step["keyword"] = step["keyword"].strip()
        spoil(lines)
        file = tmp_path / "run.ndjson"
        file.write_bytes(b"".join(map(dump, lines)) + tail)
        return judge_run(file, now, SHA)

    return verdict
