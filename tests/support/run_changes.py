"""Two runs to compare, and changes of the lines of a record."""

from pathlib import Path

from hypothesis import strategies as st

from sop_runs.change.snapshot import Snapshot, snapshot_of_run
from sop_runs.change.snapshot_changes import Changes, changes
from sop_runs.record.reader import RunRecord, read_record
from tests.support.run_samples import Line, count, write

ROOT = Path(__file__).parents[2]
FEATURES = ROOT / "features" / "seller_cancellation"
RULEBOOK = ROOT / "sop_engine" / "rulebook" / "clients_v1"


def side(record: RunRecord) -> Snapshot:
    """A run as the present side of a comparison."""
    return snapshot_of_run(record, with_table=True)


def since(lines: list[Line], now: RunRecord, tmp_path: Path) -> Changes:
    """What changed from the run in *lines* to *now*."""
    return changes(snapshot_of_run(read_record(write(count(lines), tmp_path))), side(now))


def scenarios(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line["type"] == "scenario"]


texts = st.text(st.sampled_from("ab  \n"), max_size=30) | st.text(max_size=40)
