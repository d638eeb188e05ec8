"""The event log of an audit as a Parquet file: the events that its tables tell of, each once, by time.

Sorts any number of events in the memory of some hundred thousand, by way of files; ranges and files are those of `orders.parts`, and what
a column of a log means is in `orders.log`.
"""

__all__ = ["event_file"]
