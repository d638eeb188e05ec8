"""The event log: what happened to orders, real or simulated, as rows with one published schema.

Knows columns and their words, times, and the history of single orders. Files it leaves to `orders.log.export`; where the rows come
from to `simulator` and the intake of real orders, which both import it.
"""

__all__ = [
    "arrays",
    "calendar",
    "columns",
    "event_log",
    "event_words",
    "india",
    "order_blocks",
    "order_histories",
    "order_times",
    "orders_table",
    "provenance",
    "timestamps",
]
