"""What a feature file may not say: the rules, and the linter that applies them.

Knows what makes a file unclear or a test vacuous. Running the examples it leaves to `steps.run`.
"""

__all__ = ["binding_modules", "characters", "linter"]
