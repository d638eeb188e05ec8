"""Rows of a sheet and their states: totals, blank rows, repetitions, later headers, and the table that says the state of each.

Knows which rows are data and which are not. It leaves what a cell means to `orders.intake.parsing`, and the course of reading to
`orders.intake.source_rows`.
"""

__all__ = ["later_headers", "repeats", "row_kinds", "rows_table", "totals"]
