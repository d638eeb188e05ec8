"""What changed between two states of the specification: answers, wording and examples.

Contains the baseline and the comparison. `sop_runs.gate` decides whether a change may go in, `reports` shows it.
"""

__all__ = ["answers", "baseline", "change_text", "example_text", "references", "snapshot", "snapshot_changes", "text_changes"]
