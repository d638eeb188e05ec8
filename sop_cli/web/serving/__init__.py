"""HTTP interface of the workbench: who may ask, what is answered, and the files of the page.

The project's files are in `sop_cli.web.project`, the workers behind the calls in `sop_cli.web.lanes`.
"""

__all__ = ["server", "state"]
