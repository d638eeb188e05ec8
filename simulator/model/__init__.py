"""The SimPy processes: Ajio, Assure OMS, the warehouse, the client's ERP and RMS, and the random draws they use.

Decides when things happen to an order. `sop_engine` decides whether a cancellation is allowed; the log is written by
`simulator.study`.
"""

__all__ = ["erp", "oms", "order_draws", "order_states", "random_streams", "rms", "wms"]
