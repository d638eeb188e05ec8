"""Runs of the specification: the pytest process and the process that starts it.

Selects, executes, limits in time and records examples. `sop_runs.record` computes the verdict on a finished run.
"""

__all__ = ["feature_set", "judge", "plan", "runner", "shards", "time_limit"]
