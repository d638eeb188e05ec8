"""Feature files as text, as a Gherkin tree, and as the examples that will run.

Knows Gherkin and the layout of a file. What a sentence means it leaves to `steps.definitions`, what may not be written to
`steps.lint`.
"""

__all__ = ["document", "examples", "formatter", "line_counter", "parser", "source"]
