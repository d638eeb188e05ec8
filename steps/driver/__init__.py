"""The system under test: what the step definitions ask of it, and the engine in process as one.

Knows the calls and their answers; the sentences that make them are in `steps.bindings`, the answers themselves in `sop_engine`.
"""

__all__ = ["in_process", "protocol"]
