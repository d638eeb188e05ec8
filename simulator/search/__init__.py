"""Searches: the least value of a setting for a goal, replications until a half-width is reached, and sensitivity to assumptions.

Decides what to simulate next. It leaves running replications to `simulator.study`, and estimates to `simulator.analysis`.
"""

__all__ = ["plan"]
