"""Studies: replications and their logs, checkpoints, and the process pools that run them.

Knows how a study is run. It leaves moving the orders of a replication to `simulator.model`, and checks and measures of its log to
`simulator.analysis`.
"""

__all__ = ["checkpoints", "dask_cluster", "process_pool", "replication", "runner", "simulate", "study"]
