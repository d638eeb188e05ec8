"""Ids of headings, clauses and gaps, as written in texts."""

import re

ID = re.compile(r"[A-Z]{2,}(?:-[A-Za-z0-9.]*[A-Za-z0-9])+")
"""What looks like an id; a rulebook knows which are (`Rulebook.ids_in`)."""


def is_gap(identifier: str) -> bool:
    """Return whether an id is that of a gap, not of a clause or a heading."""
    return identifier.startswith("GAP-")
