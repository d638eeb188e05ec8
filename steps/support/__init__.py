"""Helpers of step definitions: the words of the feature files, claims, and data tables.

Converts words to values and records claims. The step definitions are in `steps.bindings`, the rules of the SOP in `sop_engine`.
"""

__all__ = [
    "audit_tables",
    "audits",
    "cell_kinds",
    "claims",
    "idle_facts",
    "order_attempts",
    "order_steps",
    "order_tables",
    "report_tables",
    "setting_tables",
    "simulations",
    "task_tables",
    "vocabulary",
]
