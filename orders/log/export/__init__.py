"""The forms of an event log as files: tables (CSV, Parquet), XES, and OCEL 2.0 in JSON and SQLite.

A writer takes blocks of a log and puts a complete file in place, or none. It knows nothing of where the log came from.
"""
