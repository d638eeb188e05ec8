"""The system under test as a server: calls over HTTP in the form of the contract, and its answers checked and converted.

Nothing that a step claims as actual is computed here. The contract is in `steps.driver`, the sentences are in `steps.bindings`.
"""

__all__ = ["address", "answers", "calls", "deadline", "driver", "errors", "mismatches", "order"]
