"""An audit in parts: which rows belong together, each part audited by itself, and the results merged to those of the whole.

Knows how rows are connected and where parts are kept on disk. What a rule says of the rows of a part is left to `orders.audit`, how a
file is read to `orders.intake`. Why the bytes are the same is in ADR 36.
"""

__all__ = ["audited", "sending", "workspace"]
