"""Intake of an audit: from files that other systems export to the canonical tables of `orders.audit`.

Knows files, mappings, row states and row errors; nothing is guessed, and every row of every file ends in exactly one state. It
leaves what the tables mean for an order to `orders.audit`. Needs the extra `audit`.
"""

__all__ = ["errors", "event_logs", "reading", "source_columns", "source_rows", "unread"]
