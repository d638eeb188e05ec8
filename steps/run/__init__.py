"""A run of the specification: inside the pytest process, and the process around it.

Knows how examples are selected, executed, limited in time and recorded. What a finished run is worth it leaves to
`sop_runs.record`.
"""

__all__ = ["feature_set", "judge", "runner", "shards", "time_limit"]
