"""The contract by which a server answers for an order-management system over HTTP: its types, its operations, and the engine's answers in them.

Knows what is asked and answered, as OpenAPI publishes it; requests are sent by `steps.driver`, the answers come from `sop_engine`.
"""

__all__ = [
    "answers",
    "answers_of_all",
    "answers_of_simulations",
    "cases",
    "experiments",
    "obstacles",
    "openapi",
    "operations",
    "orders",
    "problems",
    "simulations",
    "strict_json",
]
