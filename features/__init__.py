"""The specification: the SOP in Gherkin, one folder for each of its parts, one file for each heading.

Knows what is specified and holds no code; this module makes the feature files package data, found by the same name in a checkout
and in an installed wheel. What their sentences do it leaves to `steps`, what is true to `sop_engine`.
"""
