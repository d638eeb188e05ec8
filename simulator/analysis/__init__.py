"""Measures and invariants, computed from an event log and the experiment that made it.

Knows what a log says and what must hold of it. It never sees the processes of `simulator.model`; intervals over replications it
leaves to `simulator.study`.
"""

__all__ = ["checks", "measures"]
