"""What bindings use: the words of the feature files, claims, the driver of the system under test, and data tables.

Knows how words become values and how an assertion is recorded. The sentences themselves it leaves to `steps.bindings`, every rule of
the SOP to `sop_engine`.
"""

__all__ = ["claim_messages", "claims", "driver", "obstacles", "order_steps", "order_tables", "report_tables", "simulations", "vocabulary"]
