"""Step definitions: the decorators that make them, the registry that finds them, and their catalogue.

Matches the text of a step to a function; the functions are in `steps.bindings` or in modules of a user.
"""

__all__ = [
    "catalogue",
    "decorators",
    "discovery",
    "expressions",
    "own_fixtures",
    "redaction",
    "registry",
    "settings",
    "source_digest",
    "stated_steps",
    "tables",
    "usage",
]
