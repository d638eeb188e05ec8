"""Measures and invariants, computed from an event log and the experiment that made it.

Knows the log and the experiment, and never the processes of `simulator.model`. It leaves the results over all replications to
`simulator.study`.
"""

__all__ = ["checks", "daily_flow", "day_replay", "estimates", "intervals", "measures", "stability"]
