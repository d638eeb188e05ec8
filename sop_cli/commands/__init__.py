"""The commands of `sop`, one module each; the module has the name of the command.

Each module contains the options of its command, the calls of other packages, and the text that it prints. `sop_cli.main` imports
a module by name, and only when its command is called.
"""
