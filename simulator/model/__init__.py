"""The SimPy processes: Ajio, Assure OMS, the warehouse, the client's ERP and RMS, and the random draws they use.

Knows when events of an order happen. It leaves the decision on a cancellation to `sop_engine`, and writing the log to
`simulator.study`.
"""

__all__ = ["erp", "manifests", "oms", "order_draws", "order_states", "random_streams", "returns", "rms_invoicing", "warehouse"]
