"""Runs as commands use them: their files for other tools, and runs of what changes while `sop verify --watch` looks on.

The run itself is in `steps.run`, its record and verdict in `sop_runs.record`.
"""

__all__ = ["file_changes", "run_exports", "watch"]
