"""Runs of the specification: what a run left behind, what it is worth, what was approved, and what changed in between.

Knows the run record and, at its root, whether a change may go in (`sop_runs.gate`). Gherkin and pytest it leaves to `steps`, every
page to `reports`.
"""

__all__ = ["errors", "gate", "mutation_score", "problem"]
