"""The specification: the SOP in Gherkin, one folder for each of its parts, one file for each heading.

It holds no code. This module makes the feature files package data, found by the same name in a checkout and in an
installed wheel. What their sentences do is left to the steps, what is true to the engine.
"""
