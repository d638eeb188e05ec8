"""Measures and invariants, computed from an event log and the experiment that made it.

Reads only the log and the experiment, never the processes of `simulator.model`. `simulator.study` computes the results over all
replications.
"""

__all__ = ["checks", "measures"]
