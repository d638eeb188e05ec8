"""The SimPy processes: Ajio, Assure OMS, the warehouse, its couriers and returns, the client's ERP and RMS.

Knows when events of an order happen. It leaves the decision on a cancellation to `sop_engine`, what is random to
`simulator.model.draws`, and writing the log to `simulator.study`.

To read it, begin with `simulator.study.simulate.run_processes`, which starts the processes of each system. An order is a number, and its
state is in columns, so there is no process for each order. The same model with a process for each order is
`tests/support/naive_simulation.py`; both give the same log.
"""

__all__ = ["ajio", "erp", "oms", "order_states", "returns", "warehouse"]
