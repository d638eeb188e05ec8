"""What changed between two states of the specification: answers, wording and examples.

Knows what was approved and how to compare. Whether a change may go in it leaves to `sop_runs.gate`, how it is shown to `reports`.
"""

__all__ = ["answers", "baseline", "change_text", "example_text", "snapshot", "snapshot_changes"]
