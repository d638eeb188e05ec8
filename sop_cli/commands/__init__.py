"""One module for each command of `sop`; the name of the module is the name of the command.

A command reads its options, calls the packages below, prints the result and returns the exit status. It is imported only when it
is called, see `sop_cli.main`.
"""
