"""Studies: a replication as a log, many replications, their checkpoints, and the process pools that run them.

Knows how a study is carried out. What a replication does it leaves to `simulator.model`, what its log says to
`simulator.analysis`.
"""

__all__ = ["checkpoints", "dask_cluster", "process_pool", "replication", "simulate", "study"]
