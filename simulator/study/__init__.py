"""Studies: replications and their logs, checkpoints, and the process pools that run them.

Runs a study. `simulator.model` moves the orders of a replication, `simulator.analysis` computes checks and measures of its
log.
"""

__all__ = ["checkpoints", "dask_cluster", "process_pool", "replication", "simulate", "study"]
