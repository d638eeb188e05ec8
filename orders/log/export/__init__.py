"""File formats of an event log: tables (CSV, Parquet), XES, and OCEL 2.0 in JSON and SQLite.

Knows how to write a log to a file atomically and to read it strictly. It leaves the meaning of columns to `orders.log`, and the
source of the rows to `simulator`.
"""

__all__ = ["formats", "tables"]
