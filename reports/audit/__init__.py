"""What a user sees of an audit of real orders: page, worklist, tables for other programs, and the comparison with an earlier audit.

Has the texts, sheets and files. Findings and duties come from `orders.audit`, and the parts of the page from `reports.html`. Needs
the extra `audit`.
"""

__all__ = [
    "audit_json",
    "audit_lines",
    "earlier_audit",
    "figures",
    "material",
    "order_life",
    "references",
    "store",
    "wording",
    "work",
    "writing",
]
