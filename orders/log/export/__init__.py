"""File formats of an event log: tables (CSV, Parquet), XES, and OCEL 2.0 in JSON and SQLite.

Writes files atomically and reads them strictly. `orders.log` defines the columns; the rows come from `simulator` or real orders.
"""

__all__ = ["formats", "tables"]
