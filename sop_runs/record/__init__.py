"""The record of one run: its lines as types, one reader, and one verdict on it.

Knows what a run wrote down and whether that is good. How the run was made it leaves to `steps.run`, how it is shown to `reports`.
"""

__all__ = ["folder", "reader", "schema", "status", "verdict", "verdict_text"]
