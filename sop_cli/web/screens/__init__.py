"""Screens of the workbench: the methods that a worker process runs for each.

A module lists its functions in `METHODS`, under the names that `sop_cli.web.methods` allows. A function takes the parameters of the
request as keyword arguments and returns plain data; a generator yields its progress as dictionaries first. `SopError` is shown in the page.
"""
