"""The rules of the audit: each a function from the evidence of a run to findings, with its id, grounding and strength.

Contains what a finding says and when it is one. What was so, what the SOP answers and what is due is computed in `orders.audit`.
"""
