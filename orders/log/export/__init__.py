"""The forms of an event log as files: tables (CSV, Parquet), XES, and OCEL 2.0 in JSON and SQLite.

A writer takes blocks of a log and puts a complete file in place, or none; a reader refuses what it does not know. Neither knows
where the log came from: `simulator` and the intake of real orders both use them.
"""
