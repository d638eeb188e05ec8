"""The audit of real orders: canonical tables in, findings and duties out.

Contains the schemas of the tables, the answers to all possible cases by key, matching, the rules, and the duties with their
ages. Reading files into the tables is left to `orders.intake`, showing the results to `reports`. Needs the extra `audit`; no
other part of the program imports this package.
"""
