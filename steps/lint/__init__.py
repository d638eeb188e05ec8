"""Lint rules for feature files and modules with step definitions, and the linter that applies them.

The rules find what makes a file unclear or lets an example check nothing. `steps.run` runs the examples.
"""

__all__ = ["binding_modules", "characters", "checked_file", "duplicates", "fitting_tags", "linter"]
