"""Discrete-event simulation of orders that move through Ajio, Assure OMS, the warehouse, the client's ERP and RMS.

Knows when events happen. It leaves to `sop_engine` whether a cancellation is allowed and what is then to be done, for the case at
that moment, the form of the event log to `orders.log`, and its pages to `reports`.
"""

__all__ = ["errors", "field_types", "search_data", "study_data"]
