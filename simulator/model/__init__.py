"""The SimPy processes: Ajio, Assure OMS, the warehouse, the client's ERP and RMS, and the random draws they use.

Knows when things happen to an order. Whether a cancellation is allowed it asks `sop_engine`; writing the log it leaves to
`simulator.study`.
"""
