"""The two reports of the VMS as the audited orders make them: cancelled after posting, and returned units.

An order that cannot be placed costs its own row, which says why, and not the report. A fact that is a set of words is shown as such.
"""

__all__ = ["cancelled_after_posting", "joining", "returned_units"]
