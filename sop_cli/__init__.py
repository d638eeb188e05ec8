"""The `sop` command: the composition root, which calls the other packages and prints their results.

Contains options, exit statuses and the places of files, and no rule of the SOP. Answers come from the packages below; each command
is a module of `sop_cli.commands`.

Results go to stdout, progress and errors to stderr. Exit status: 0 success, 1 a check failed or the cancellation is not allowed,
2 invalid input or option, 3 an audit is done and rows are set aside, 70 internal error, 130 interrupted (SIGINT), 143 terminated
(SIGTERM), 141 the reader of stdout is gone.
"""

__version__ = "0.1.0"
