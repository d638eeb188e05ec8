"""The record of one run: types of its lines, reader, and verdict.

Runs are made by `steps.run` and shown by `reports`.
"""

__all__ = [
    "code",
    "driver_calls",
    "durations",
    "failed_examples",
    "folder",
    "outside_code",
    "reader",
    "schema",
    "status",
    "verdict",
    "verdict_text",
    "version_tags",
]
