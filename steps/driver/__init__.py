"""The system under test: what the step definitions ask of it, the engine in process, and the contract by which a server answers over HTTP.

Knows the calls and their answers; the sentences that make them are in `steps.bindings`, the answers themselves in `sop_engine`.
"""

__all__ = ["in_process", "obstacles", "protocol"]
