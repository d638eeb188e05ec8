"""Mapping of the columns of files to the columns of the canonical tables: mapping files, shipped profiles, suggestions, headers.

Knows names, words and forms of columns. It leaves rows below the header to `orders.intake`, except samples for a suggestion.
"""

__all__ = [
    "date_order",
    "headers",
    "later_headers",
    "own_table",
    "profiles",
    "reading",
    "source_mapping",
    "suggestion",
    "targets",
    "writing",
]
