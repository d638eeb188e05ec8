"""Discrete-event simulation of orders that move through Ajio, Assure OMS, the warehouse, the client's ERP and RMS.

Knows when things happen. Whether a cancellation is allowed, and what is then to be done, it leaves to `sop_engine`, which it asks
about the case of that moment; the log of what happened to `orders.log`; what is shown of it to `reports`.
"""

__all__ = ["errors", "study_data"]
