"""The event log: events of orders, real or simulated, as rows with one published schema.

Columns and their words, times, and the histories of single orders. `orders.log.export` reads and writes files; the rows come from
`simulator` and from the intake of real orders, which both import this package.
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
