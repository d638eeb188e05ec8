"""Changes of a run record, and the verdict on the changed record."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sop_runs.record.reader import RECORD, RunRecord, read
from sop_runs.record.verdict import Verdict, judge
from steps.run.judge import compared

FEATURES = (
    "seller_cancellation/full_erp.feature", "order_life/packing_error.feature", "order_life/regular_way.feature", "returns/rsi.feature",
    "simulated_weeks/credit_notes.feature", "vms_reports/cancelled_after_posting.feature",
)  # fmt: skip
HOME = Path(__file__).parents[2] / "features"
Line = dict[str, Any]
Spoil = Callable[[list[Line]], object]


def claim(lines: list[Line], facet: str, actual: object = None, kind: str = "case") -> Line:
    claims = [claim for line in lines if line["type"] == "scenario" for claim in line["claims"]]
    return next(
        claim for claim in claims if claim["facet"] == facet and claim["subject"]["kind"] == kind and actual in (None, claim["actual"])
    )


def both(facet: str, value: object, actual: object = None, kind: str = "case") -> Spoil:
    """Let expected and actual value of one claim be *value*."""
    return lambda lines: claim(lines, facet, actual, kind).update(expected=value, actual=value)


def of_order(facet: str, value: object, actual: object = None) -> Spoil:
    """Let expected and actual value of one claim about an order be *value*."""
    return both(facet, value, actual, kind="order")


def verdict(raw: bytes, spoil: Spoil, tmp_path: Path, folder: Path | None) -> Verdict:
    """Return the verdict on the spoilt record; *folder* has the feature files, None uses their texts in the record."""
    lines = [json.loads(line) for line in raw.splitlines()]
    spoil(lines)
    (tmp_path / RECORD).write_bytes(b"".join(json.dumps(line, sort_keys=True).encode() + b"\n" for line in lines))
    record: RunRecord = read(tmp_path)
    contents = None if folder is None else {name: (folder / name).read_bytes() for name in FEATURES}
    return compared(judge(record), record, contents)
