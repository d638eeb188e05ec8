"""A source in pieces: the parts of a folder, or slices of a large file, each read by itself, and joined to what the whole would have.

Knows what only the whole can settle: numbers of rows, rows that repeat one of an earlier piece, and totals. It leaves opening a file to
`orders.intake.files`, and how the rows of a piece are read to `orders.intake`.
"""

__all__ = ["piece", "source"]
