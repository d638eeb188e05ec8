"""Workbench: the specification edited in a browser, on this computer alone.

A light server answers the page and is the only one to write files; warm worker processes run what needs the rulebook and the step
definitions. The methods of each screen are in `sop_cli.web.screens`, its page in the folder `static`.
"""
