"""Workbench: the specification edited in a browser, on this computer alone.

A server answers the page and is the only one to write the specification's files; warm worker processes run what needs the rulebook and
the step definitions. The HTTP interface is in `sop_cli.web.serving`, the methods of each screen in `sop_cli.web.screens`, its page in `static`.
"""
