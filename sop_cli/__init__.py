"""The `sop` command: the composition root, which puts the packages together and prints what came of it.

Knows options, exit status and where files are; it holds no rule. Every answer it leaves to the packages below, each verb to a
module of `sop_cli.commands`.

Answers go to stdout, progress and errors to stderr. Exit status: 0 good, 1 the specification or the answer is bad news,
2 misuse or unreadable input, 3 our own fault, 130 interrupted.
"""

__version__ = "0.1.0"
