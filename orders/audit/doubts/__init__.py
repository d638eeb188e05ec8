"""What the rows of a run leave open: results, signs, locations, lines, years, and ids that look alike.

Knows what a row can mean beside what it says, and never decides it. It leaves what follows from each possibility to `orders.audit`.
"""

__all__ = ["lines", "locations", "near_ids", "observed", "restarts", "signs", "values"]
