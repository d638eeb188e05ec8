"""Step definitions: the decorators that make them, the registry that finds them, and their catalogue.

Knows how a text is matched to a function. What the function does it leaves to `steps.bindings`.
"""

__all__ = ["catalogue", "decorators", "discovery", "registry", "usage"]
