"""Lint of what is read as plain text: sentences and lists above the first step that look like steps, and marks of merge conflicts.

The rule looks for marks of list items, for claims, for conditions, and for step keywords and step sentences. `steps.lint.linter`
applies both.
"""

__all__ = ["merge_conflicts", "rule"]
