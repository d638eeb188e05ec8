"""Runs of the specification: what a run left behind, what it is worth, what was approved, and what changed in between.

Knows the run record and the engine; it leaves Gherkin and pytest to `steps`, and every page to `reports`.
"""
