"""The rows of a run as columns, and what they leave open: results, signs, locations, lines, years, references, and ids that look alike.

Knows what a row says and can mean beside it, and never decides it. It leaves what follows from each possibility to `orders.audit`.
"""

__all__ = ["columns", "copies", "days", "evidence", "later", "locations", "near_ids", "numbering", "references", "signs", "values"]
