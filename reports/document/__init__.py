"""The SOP in reading order with a run painted onto it: sentences, questions, cases and the order's life.

Decides everything that the site says, as plain data. Pages and files it leaves to `reports.site`.
"""
