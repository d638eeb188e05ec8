"""The system under test: what the step definitions ask of it, the engine in process as one, and a server that speaks the contract as another.

Knows the calls and their answers; the sentences that make them are in `steps.bindings`, the contract is in `steps.contract`, the engine's
answers are in `sop_engine`. Nothing that a step claims of a server is computed here.
"""

__all__ = ["http_driver", "in_process", "order_life", "protocol", "server"]
