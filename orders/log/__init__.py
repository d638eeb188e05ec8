"""The event log: events of orders, real or simulated, as rows with one published schema.

Knows columns and their words, times, and the histories of single orders. It leaves files to `orders.log.export`, and making rows to
`simulator` and the intake of real orders, which both import it.
"""

__all__ = [
    "arrays",
    "calendar",
    "columns",
    "errors",
    "event_log",
    "event_words",
    "india",
    "order_blocks",
    "order_histories",
    "order_times",
    "orders_table",
    "provenance",
    "stations",
    "timestamps",
]
