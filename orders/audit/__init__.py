"""The audit of real orders: canonical tables in, findings and duties out.

Knows the answers to all possible cases by key, what an absence proves, the rules, and the duties with their ages. It leaves reading
files to `orders.intake`, and showing the results to `reports`. Needs the extra `audit`.
"""

__all__ = ["answers", "audit", "client_duties", "coverage", "result_tables", "tables"]
