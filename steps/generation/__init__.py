"""Generated feature text: scenarios from simulated orders, and proposals for missing examples.

Writes an order or a situation with the step sentences of `steps.bindings`. The orders come from `simulator`.
"""

__all__ = ["feature_writer", "proposals"]
