"""Feature text that is written by the program: scenarios from simulated orders, and proposals for missing examples.

Knows how an order or a situation is put into the sentences of `steps.bindings`. Where the orders come from it leaves to
`simulator`.
"""

__all__ = ["feature_writer", "proposals"]
