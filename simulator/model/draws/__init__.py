"""Random draws of a replication, sampled before the simulation starts: arrivals, orders, returns, outages.

Knows distributions and random streams. Whether and when a draw takes effect is decided by the processes of `simulator.model`.
"""

__all__ = ["order_draws", "random_streams", "return_draws"]
