"""The `sop` command: the composition root. It puts the packages together and says what happened; it holds no rule.

Answers go to stdout, progress and errors to stderr. Exit status: 0 good, 1 the specification or the answer is bad news,
2 misuse or unreadable input, 3 our own fault, 130 interrupted.
"""

__version__ = "0.1.0"
