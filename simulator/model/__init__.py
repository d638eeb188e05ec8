"""The SimPy processes: Ajio, Assure OMS, the warehouse, the client's ERP and RMS, and the random draws they use.

Knows when things happen to an order. Whether a cancellation is allowed it leaves to `sop_engine`; writing the log to
`simulator.study`.
"""

__all__ = ["erp", "oms", "order_draws", "order_states", "random_streams", "rms", "wms"]
