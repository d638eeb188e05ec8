"""Orders, real and simulated: their event log, the VMS reports on them, and the age of their duties.

Knows the numbers and dates of orders, and leaves what may be cancelled and is then to be done to `sop_engine`, making simulated
orders to `simulator`, and showing them to `reports`.
"""

__all__ = ["amounts", "arrivals", "day_bounds", "duties", "memory", "row_places", "vms_reports"]
