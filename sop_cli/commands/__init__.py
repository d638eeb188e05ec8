"""One module for each command of `sop`; the name of the module is the name of the command.

Knows the options of a command, which packages it calls and what it prints. Answers it leaves to these packages; when a command is
imported to `sop_cli.main`, which does so by name and only when it is called.
"""
