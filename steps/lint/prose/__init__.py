"""Lint of descriptions: sentences and lists above the first step that look like steps, but are read as plain text.

The rule looks for marks of list items, for claims, for conditions, and for step keywords and step sentences. `steps.lint.linter`
applies it.
"""

__all__ = ["rule"]
