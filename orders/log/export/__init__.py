"""The forms of an event log as files: tables (CSV, Parquet), XES, and OCEL 2.0 in JSON and SQLite.

Knows how a log is written to a file, complete or not at all, and read from one, strictly. What the columns mean it leaves to
`orders.log`, where the log comes from to `simulator`.
"""

__all__ = ["formats", "tables"]
