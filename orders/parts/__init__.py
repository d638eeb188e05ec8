"""A run that is larger than memory: its audit in parts, whose results are merged to those of the whole, and its event log.

Knows how rows are connected, where parts are kept on disk, and how events are sorted range by range. What a rule says of the rows of a part
is left to `orders.audit`, how a file is read to `orders.intake`, what a column of a log means to `orders.log`. Why the bytes are the same is in ADR 36.
"""

__all__ = ["audited", "event_file", "sending", "workspace"]
