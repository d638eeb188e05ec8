"""Feature files: which there are, as text, as a Gherkin tree, and as the examples that are selected to run.

Finds, parses and formats Gherkin. `steps.definitions` matches steps to step definitions, `steps.lint` finds mistakes.
"""

__all__ = [
    "chosen_lines",
    "document",
    "examples",
    "feature_set",
    "file_names",
    "formatter",
    "last_failed",
    "line_counter",
    "outside_features",
    "parser",
    "selection",
    "source",
    "syntax",
]
