"""The rules of the audit: each a function from the evidence of a run to findings, with its id, grounding and strength.

Knows what a finding says and when it is one. It leaves what was so, what the SOP answers and what is due to `orders.audit`.
"""

__all__ = ["context", "duty_remarks", "registry", "returning", "vms_report"]
