"""Runs of the specification: the pytest process and the process that starts it.

Collects, executes, limits in time and records examples. `sop_runs.record` computes the verdict on a finished run.
"""

__all__ = ["judge", "plan", "runner", "shards", "time_limit"]
