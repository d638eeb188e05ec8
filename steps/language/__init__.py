"""Feature files as text, as a Gherkin tree, and as the examples that will run.

Parses and formats Gherkin. `steps.definitions` matches steps to step definitions, `steps.lint` finds mistakes.
"""

__all__ = ["document", "examples", "file_names", "formatter", "line_counter", "parser", "source"]
