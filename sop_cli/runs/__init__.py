"""Runs as commands use them: their checks, approval, document and files for other tools, and runs again of what changes.

The run itself is in `steps.run`, its record and verdict in `sop_runs.record`.
"""

__all__ = ["approval", "file_changes", "gate_checks", "run_document", "run_exports", "watch"]
